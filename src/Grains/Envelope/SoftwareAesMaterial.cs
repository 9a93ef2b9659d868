using System.Security.Cryptography;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Envelope;

/// <summary>Material of protection level SOFTWARE: AES-256-GCM in this process.</summary>
internal sealed class SoftwareAesMaterial : SymmetricMaterial
{
    private readonly AesGcm _aes;

    /// <param name="keyId">The CMK.</param>
    /// <param name="keyVersionId">Its version.</param>
    /// <param name="key">32 bytes. Wiped here: the cipher keeps the only copy and wipes it when disposed.</param>
    public SoftwareAesMaterial(Guid keyId, Guid keyVersionId, byte[] key) : base(BlobAlgorithm.Aes256Gcm, keyId, keyVersionId)
    {
        try { _aes = new AesGcm(key, CiphertextBlob.TagLength); }
        finally { CryptographicOperations.ZeroMemory(key); }
    }

    public override void Dispose() => _aes.Dispose();

    protected override ValueTask<byte[]> Open(byte[] blob, EncryptionContext context)
    {
        var ciphertext = blob.AsSpan(CiphertextBlob.HeaderLength..^CiphertextBlob.TagLength);
        var plaintext = new byte[ciphertext.Length];
        var aadLength = AadLength(context);
        var aad = aadLength <= 512 ? stackalloc byte[aadLength] : new byte[aadLength];
        WriteAad(blob, context, aad);
        try
        {
            _aes.Decrypt(CiphertextBlob.Iv(blob), ciphertext, blob.AsSpan(^CiphertextBlob.TagLength..), plaintext, aad);
            return new(plaintext);
        }
        catch (AuthenticationTagMismatchException)
        {
            throw KmsException.BadCiphertext();
        }
    }

    protected override ValueTask<byte[]> Fill(byte[] blob, byte[] plaintext, EncryptionContext context)
    {
        var aadLength = AadLength(context);
        var aad = aadLength <= 512 ? stackalloc byte[aadLength] : new byte[aadLength];
        WriteAad(blob, context, aad);
        var ciphertext = blob.AsSpan(CiphertextBlob.HeaderLength..^CiphertextBlob.TagLength);
        _aes.Encrypt(CiphertextBlob.Iv(blob), plaintext, ciphertext, blob.AsSpan(^CiphertextBlob.TagLength..), aad);
        return new(blob);
    }
}
