namespace Orleans.Kms.Grains.Hsm;

/// <content>Versions of the root key.</content>
internal sealed partial class HsmWorkerGrain
{
    public ValueTask<WrappedKey> Rewrap(HsmKey key, int rootKeyVersion) => new(Lane.Run((key, rootKeyVersion), static (session, a) => session.Rewrap(a.key, a.rootKeyVersion)));
}
