using System.Security.Cryptography;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Envelope;

/// <summary>An RSA private key of protection level SOFTWARE. Each use has an OpenSSL context of its own, so several may run at once; the key itself never changes.</summary>
internal sealed class SoftwareRsaMaterial : AsymmetricMaterial
{
    private readonly RSA _rsa;

    /// <param name="keyVersionId">The version.</param>
    /// <param name="spec">An RSA spec.</param>
    /// <param name="usage">What the key is for.</param>
    /// <param name="pkcs8">The key as PKCS#8 in DER. Wiped here: what remains is in OpenSSL's memory, which wipes it when disposed.</param>
    public SoftwareRsaMaterial(Guid keyVersionId, KeySpec spec, KeyUsage usage, byte[] pkcs8) : base(keyVersionId, spec, usage)
    {
        _rsa = RSA.Create();
        try
        {
            _rsa.ImportPkcs8PrivateKey(pkcs8, out _);
            if (_rsa.KeySize != spec.ModulusBytes() * 8) throw new InvalidDataException($"The stored key is not of spec {spec.ApiName()}.");
        }
        catch
        {
            _rsa.Dispose();
            throw;
        }
        finally { CryptographicOperations.ZeroMemory(pkcs8); }
    }

    public override void Dispose() => _rsa.Dispose();

    protected override ValueTask<byte[]> SignDigest(SigningAlgorithm algorithm, byte[] digest) =>
        new(CoreShare.Calculate(() => _rsa.SignHash(digest, HashAlgorithmName.SHA256, algorithm.Padding())));

    protected override async ValueTask<byte[]> Open(EncryptionAlgorithm algorithm, byte[] ciphertext)
    {
        try { return await CoreShare.Calculate(() => _rsa.Decrypt(ciphertext, algorithm.Padding())); }
        catch (CryptographicException) { throw KmsException.BadCiphertext(); }
    }
}
