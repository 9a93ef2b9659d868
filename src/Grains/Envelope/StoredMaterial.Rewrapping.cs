using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Envelope;

/// <content>Another root key for stored material of protection level HSM.</content>
internal sealed partial class StoredMaterial
{
    /// <summary>The stored form of the same material under another root key, or null if it is under that one already.</summary>
    /// <exception cref="InvalidDataException">It was altered, or belongs to something else.</exception>
    public async ValueTask<byte[]?> Rewrap(string grainKey, Guid keyVersionId, KeySpec spec, KeyUsage usage, byte[] stored, int rootKeyVersion)
    {
        var place = Place(grainKey, keyVersionId, spec, usage, ProtectionLevel.Hsm);
        var wrapped = Wrapped(await seal.Open(keyVersionId, place, stored));
        if (wrapped.RootKeyVersion == rootKeyVersion) return null;
        var rewrapped = await workers.RootKeys(keyVersionId, spec).Rewrap(new HsmKey(keyVersionId, wrapped, spec, usage), rootKeyVersion);
        return await seal.Seal(keyVersionId, place, Content(rewrapped));
    }
}
