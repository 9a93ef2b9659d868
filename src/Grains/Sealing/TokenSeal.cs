using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Sealing;

/// <summary>The service key is in the token. Fails as <see cref="IHsmWorkerGrain"/> does while that is busy or away.</summary>
internal sealed class TokenSeal(HsmWorkers workers) : ServiceSeal
{
    public override async ValueTask<byte[]> Seal(Guid affinity, byte[] place, byte[] plaintext) => (await workers.For(affinity).Seal(place, plaintext)).Bytes;

    public override async ValueTask<byte[]> Open(Guid affinity, byte[] place, byte[] sealedBytes) => (await workers.For(affinity).Open(place, sealedBytes)).Bytes;
}
