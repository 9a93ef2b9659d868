using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Import;

/// <summary>
/// Tells whether imported material is the same as before, without keeping it: a blob of 32 known bytes under it, as every blob of the service is made. Another key would have to give
/// these 32 bytes and the tag. It works inside a token as well, and tells as little about the material as any ciphertext.
/// </summary>
internal static class MaterialCheck
{
    private const int KnownBytes = 32;

    /// <summary>Makes the check of material.</summary>
    public static ValueTask<byte[]> Make(SymmetricMaterial material) => material.Encrypt(new byte[KnownBytes], EncryptionContext.Empty);

    /// <summary>Whether it is the material that the check was made of.</summary>
    public static async ValueTask<bool> Matches(SymmetricMaterial material, byte[] check)
    {
        try { return (await material.Decrypt(check, EncryptionContext.Empty)).AsSpan().SequenceEqual(new byte[KnownBytes]); }
        catch (KmsException e) when (e.Code == KmsErrorCode.InvalidParameter) { return false; }
    }
}
