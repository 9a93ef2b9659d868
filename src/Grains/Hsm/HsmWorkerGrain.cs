using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>Owns one lane for as long as the silo lives. Awaits the lane and never blocks; calls interleave and queue in the lane.</summary>
[StatelessWorker(1), Reentrant, KeepAlive]
internal sealed class HsmWorkerGrain(IOptions<HsmOptions> options, ServiceKey serviceKey, HsmMetrics metrics, ILogger<HsmLane> logger) : Grain, IHsmWorkerGrain, IAsyncDisposable
{
    private readonly HsmLane _lane = new(options.Value, serviceKey, metrics, logger);

    /// <summary>Orleans disposes the grain after its deactivation.</summary>
    public ValueTask DisposeAsync() => _lane.DisposeAsync();

    public ValueTask<WrappedKey> GenerateAesKey() => _lane.Run(0, static (session, _) => session.GenerateAesKey());

    public ValueTask<byte[]> Encrypt(HsmKey key, byte[] iv, byte[] aad, byte[] plaintext) =>
        _lane.Run((key, iv, aad, plaintext), static (session, a) => session.Encrypt(a.key, a.iv, a.aad, a.plaintext));

    public ValueTask<byte[]> Decrypt(HsmKey key, byte[] iv, byte[] aad, byte[] ciphertextAndTag) =>
        _lane.Run((key, iv, aad, ciphertextAndTag), static (session, a) => session.Decrypt(a.key, a.iv, a.aad, a.ciphertextAndTag));

    public ValueTask<byte[]> Seal(byte[] aad, byte[] plaintext) => _lane.Run((aad, plaintext), static (session, a) => session.Seal(a.aad, a.plaintext));

    public ValueTask<byte[]> Open(byte[] aad, byte[] sealedBytes) => _lane.Run((aad, sealedBytes), static (session, a) => session.Open(a.aad, a.sealedBytes));

    public ValueTask<bool> Forget(Guid keyVersionId) => _lane.Run(keyVersionId, static (session, id) => session.Forget(id));

    public async ValueTask Probe() => await _lane.Run(0, static (session, _) =>
    {
        session.Probe();
        return true;
    });
}
