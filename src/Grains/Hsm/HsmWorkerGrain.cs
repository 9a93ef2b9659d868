using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// Lets grains await a lane. Each silo has its own activation per lane, which only hands over and waits: all calls of a lane interleave here and
/// queue there.
/// </summary>
[StatelessWorker(1), Reentrant, KeepAlive]
internal sealed class HsmWorkerGrain(
    IOptions<HsmOptions> options, ServiceKey serviceKey, HsmMetrics metrics, TimeProvider clock, ILogger<HsmLane> logger) : Grain, IHsmWorkerGrain, IAsyncDisposable
{
    private HsmLane? _lane;

    private HsmLane Lane => _lane ?? throw new InvalidOperationException("The lane starts with the activation.");

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _lane = new HsmLane(options.Value, serviceKey, metrics, clock, logger);
        return Task.CompletedTask;
    }

    /// <summary>The last step of a deactivation, after the last call. Without a lane if the activation failed.</summary>
    public ValueTask DisposeAsync() => _lane?.DisposeAsync() ?? ValueTask.CompletedTask;

    public ValueTask<WrappedKey> GenerateAesKey() => new(Lane.Run(0, static (session, _) => session.GenerateAesKey()));

    public ValueTask<byte[]> Encrypt(HsmKey key, byte[] iv, byte[] aad, byte[] plaintext) =>
        new(Lane.Run((key, iv, aad, plaintext), static (session, a) => session.Encrypt(a.key, a.iv, a.aad, a.plaintext)));

    public ValueTask<byte[]> Decrypt(HsmKey key, byte[] iv, byte[] aad, byte[] ciphertextAndTag) =>
        new(Lane.Run((key, iv, aad, ciphertextAndTag), static (session, a) => session.Decrypt(a.key, a.iv, a.aad, a.ciphertextAndTag)));

    public ValueTask<byte[]> Seal(byte[] aad, byte[] plaintext) =>
        new(Lane.Run((aad, plaintext), static (session, a) => session.Seal(a.aad, a.plaintext)));

    public ValueTask<byte[]> Open(byte[] aad, byte[] sealedBytes) =>
        new(Lane.Run((aad, sealedBytes), static (session, a) => session.Open(a.aad, a.sealedBytes)));

    public async ValueTask Forget(Guid keyVersionId) => await Lane.Run(keyVersionId, static (session, id) => session.Forget(id));

    public async ValueTask Probe() => await Lane.Run(0, static (session, _) => { session.Probe(); return true; });
}
