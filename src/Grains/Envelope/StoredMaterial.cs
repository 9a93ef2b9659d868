using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Envelope;

/// <summary>
/// How key material is stored: sealed in the token under the service key, bound to its place (account, CMK, version and protection level), so that
/// one record's material does not open in another. Inside the seal is the 32-byte key itself (SOFTWARE), or the version of the root key, 4 bytes
/// big-endian, followed by the key wrapped under it (HSM).
/// </summary>
internal sealed class StoredMaterial(HsmWorkers workers)
{
    private const int SoftwareKeyLength = 32;

    /// <summary>Makes new material and gives its stored form. Nothing of it stays behind.</summary>
    public async Task<byte[]> Generate(string grainKey, Guid keyVersionId, ProtectionLevel level)
    {
        var worker = workers.For(keyVersionId);
        var content = level == ProtectionLevel.Hsm ? Content(await worker.GenerateAesKey()) : RandomNumberGenerator.GetBytes(SoftwareKeyLength);
        try { return await workers.For(keyVersionId).Seal(Place(grainKey, keyVersionId, level), content); }
        finally { CryptographicOperations.ZeroMemory(content); }
    }

    /// <summary>Makes stored material ready for use.</summary>
    public async Task<KeyMaterial> Open(string grainKey, Guid keyId, Guid keyVersionId, ProtectionLevel level, byte[] stored)
    {
        var content = await workers.For(keyVersionId).Open(Place(grainKey, keyVersionId, level), stored);
        if (level == ProtectionLevel.Software) return new SoftwareMaterial(keyId, keyVersionId, content);
        var wrapped = new WrappedKey(BinaryPrimitives.ReadInt32BigEndian(content), content[4..]);
        return new HsmMaterial(keyId, new HsmKey(keyVersionId, wrapped), workers);
    }

    private static byte[] Content(WrappedKey wrapped)
    {
        var content = new byte[4 + wrapped.Bytes.Length];
        BinaryPrimitives.WriteInt32BigEndian(content, wrapped.RootKeyVersion);
        wrapped.Bytes.CopyTo(content, 4);
        return content;
    }

    private static byte[] Place(string grainKey, Guid keyVersionId, ProtectionLevel level) =>
        Encoding.UTF8.GetBytes($"kms.material/1/{grainKey}/{keyVersionId:D}/{level.ApiName()}");
}
