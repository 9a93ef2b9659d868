using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Envelope;

/// <summary>A private key of protection level HSM: used inside the token; here is only the wrapped form.</summary>
internal sealed class HsmAsymmetricMaterial(HsmKey key, HsmWorkers workers, TokenCapabilities token) : AsymmetricMaterial(key.KeyVersionId, key.Spec, key.Usage)
{
    /// <summary>Nothing to wipe: the token's own copy goes when the worker is told to forget it.</summary>
    public override void Dispose() { }

    protected override async ValueTask<byte[]> SignDigest(SigningAlgorithm algorithm, byte[] digest)
    {
        token.Require(key.Spec, algorithm);
        return (await workers.PrivateKeys(KeyVersionId).Sign(key, algorithm, digest)).Bytes;
    }

    protected override async ValueTask<byte[]> Open(EncryptionAlgorithm algorithm, byte[] ciphertext)
    {
        token.Require(key.Spec, algorithm);
        return (await workers.PrivateKeys(KeyVersionId).Decrypt(key, algorithm, ciphertext)).Bytes;
    }
}
