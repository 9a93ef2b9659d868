using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// Lets grains await a lane, which there is once for each token. Each silo has its own activation per lane, which only hands over and waits: all calls of a lane interleave
/// here and queue there.
/// </summary>
[StatelessWorker(1), Reentrant, KeepAlive]
internal sealed partial class HsmWorkerGrain(
    IOptions<HsmOptions> options, ServiceKey serviceKey, HsmMetrics metrics, TimeProvider clock, ILogger<HsmLane> logger)
    : Grain, IHsmWorkerGrain, IHsmKeyPairGrain, IHsmRootKeyGrain, IHsmAnchorGrain, IAsyncDisposable
{
    private TokenLanes? _lanes;
    private int _pairsInMaking;

    private TokenLanes Lane => _lanes ?? throw new InvalidOperationException("The lanes start with the activation.");

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var number = this.GetPrimaryKeyLong();
        var limits = number == HsmWorkers.PairMakerLane(options.Value) ? LaneLimits.OfPairs(options.Value) : LaneLimits.Of(options.Value);
        _lanes = TokenLanes.Start(number, options.Value, serviceKey, metrics, clock, logger, limits);
        return Task.CompletedTask;
    }

    /// <summary>The last step of a deactivation, after the last call. Without a lane if the activation failed.</summary>
    public ValueTask DisposeAsync() => _lanes?.DisposeAsync() ?? ValueTask.CompletedTask;

    public ValueTask<WrappedKey> GenerateAesKey() => new(Lane.Run(0, static (session, _) => session.GenerateAesKey()));

    public ValueTask<TokenBytes> Encrypt(HsmKey key, byte[] iv, byte[] aad, byte[] plaintext) =>
        new(Lane.Run((key, iv, aad, plaintext), static (session, a) => new TokenBytes(session.Encrypt(a.key, a.iv, a.aad, a.plaintext))));

    public ValueTask<TokenBytes> Decrypt(HsmKey key, byte[] iv, byte[] aad, byte[] ciphertextAndTag) =>
        new(Lane.Run((key, iv, aad, ciphertextAndTag), static (session, a) => new TokenBytes(session.Decrypt(a.key, a.iv, a.aad, a.ciphertextAndTag))));

    public ValueTask<TokenBytes> Seal(byte[] aad, byte[] plaintext) =>
        new(Lane.Run((aad, plaintext), static (session, a) => new TokenBytes(session.Seal(a.aad, a.plaintext))));

    public ValueTask<TokenBytes> Open(byte[] aad, byte[] sealedBytes) =>
        new(Lane.Run((aad, sealedBytes), static (session, a) => new TokenBytes(session.Open(a.aad, a.sealedBytes))));

    public ValueTask Forget(Guid keyVersionId) => new(Lane.Forget(keyVersionId));

    // A large pair takes longer than those who probe wait: a lane that is at one is not broken. If the token hangs in it, the pair's own timeout ends this.
    public async ValueTask Probe()
    {
        if (_pairsInMaking == 0) await Lane.Probe();
    }

    public async ValueTask<NewKeyPair> GenerateKeyPair(KeySpec spec, KeyUsage usage)
    {
        if (!spec.IsRsa()) return await Make(spec, usage);
        _pairsInMaking++;
        try { return await Make(spec, usage); }
        finally { _pairsInMaking--; }
    }

    public ValueTask<TokenBytes> Sign(HsmKey key, SigningAlgorithm algorithm, byte[] digest) =>
        new(Lane.Run((key, algorithm, digest), static (session, a) => new TokenBytes(session.Sign(a.key, a.algorithm, a.digest)), algorithm.ApiName()));

    public ValueTask<TokenBytes> Decrypt(HsmKey key, EncryptionAlgorithm algorithm, byte[] ciphertext) =>
        new(Lane.Run((key, algorithm, ciphertext), static (session, a) => new TokenBytes(session.Decrypt(a.key, a.algorithm, a.ciphertext)), algorithm.ApiName()));

    public ValueTask<WrappedKey> ImportAesKey(WrappedKey wrappingKey, WrappingAlgorithm algorithm, byte[] encrypted) =>
        new(Lane.Run((wrappingKey, algorithm, encrypted), static (session, a) => session.ImportAesKey(a.wrappingKey, a.algorithm, a.encrypted), nameof(ImportAesKey)));

    public ValueTask<WrappedKey> WrapAesKey(byte[] key) => new(Lane.Run(key, static (session, bytes) => session.WrapAesKey(bytes), nameof(WrapAesKey)));

    private Task<NewKeyPair> Make(KeySpec spec, KeyUsage usage) => Lane.Run((spec, usage), static (session, a) => session.GenerateKeyPair(a.spec, a.usage), nameof(GenerateKeyPair));
}
