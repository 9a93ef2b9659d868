using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Envelope;

/// <summary>Material of protection level HSM: AES-256-GCM inside the token; here is only the wrapped form.</summary>
internal sealed class HsmAesMaterial(Guid keyId, HsmKey key, HsmWorkers workers)
    : SymmetricMaterial(BlobAlgorithm.Aes256Gcm, keyId, key.KeyVersionId)
{
    /// <summary>Nothing to wipe: the token's own copy goes when the worker is told to forget it.</summary>
    public override void Dispose() { }

    protected override async ValueTask<byte[]> Fill(byte[] blob, byte[] plaintext, EncryptionContext context)
    {
        var sealedBytes = (await workers.For(KeyVersionId).Encrypt(key, CiphertextBlob.Iv(blob).ToArray(), Aad(blob, context), plaintext)).Bytes;
        if (sealedBytes.Length != blob.Length - CiphertextBlob.HeaderLength) throw new InvalidOperationException("The token returned a ciphertext of another length.");
        sealedBytes.CopyTo(blob, CiphertextBlob.HeaderLength);
        return blob;
    }

    protected override async ValueTask<byte[]> Open(byte[] blob, EncryptionContext context)
    {
        var sealedBytes = blob[CiphertextBlob.HeaderLength..];
        return (await workers.For(KeyVersionId).Decrypt(key, CiphertextBlob.Iv(blob).ToArray(), Aad(blob, context), sealedBytes)).Bytes;
    }
}
