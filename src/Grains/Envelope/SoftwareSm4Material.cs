using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Envelope;

/// <summary>
/// Material of protection level SOFTWARE: SM4-GCM in this process. .NET has no SM4, and the library that has it keeps a copy of the key that only the
/// garbage collector ends.
/// </summary>
internal sealed class SoftwareSm4Material : SymmetricMaterial
{
    private readonly KeyParameter _key;

    /// <param name="keyId">The CMK.</param>
    /// <param name="keyVersionId">Its version.</param>
    /// <param name="key">16 bytes. Wiped here.</param>
    public SoftwareSm4Material(Guid keyId, Guid keyVersionId, byte[] key) : base(BlobAlgorithm.Sm4Gcm, keyId, keyVersionId)
    {
        try { _key = key.Length == Sm4Gcm.KeyBytes ? new KeyParameter(key) : throw new InvalidDataException($"An SM4 key has {Sm4Gcm.KeyBytes} bytes."); }
        finally { CryptographicOperations.ZeroMemory(key); }
    }

    /// <summary>Nothing that could be wiped.</summary>
    public override void Dispose() { }

    protected override ValueTask<byte[]> Fill(byte[] blob, byte[] plaintext, EncryptionContext context)
    {
        Sm4Gcm.Encrypt(_key, CiphertextBlob.Iv(blob), Aad(blob, context), plaintext, blob.AsSpan(CiphertextBlob.HeaderLength));
        return new(blob);
    }

    protected override ValueTask<byte[]> Open(byte[] blob, EncryptionContext context) =>
        new(Sm4Gcm.TryDecrypt(_key, CiphertextBlob.Iv(blob), Aad(blob, context), blob.AsSpan(CiphertextBlob.HeaderLength)) ?? throw KmsException.BadCiphertext());
}
