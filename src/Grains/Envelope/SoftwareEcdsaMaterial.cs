using System.Security.Cryptography;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Envelope;

/// <summary>An ECDSA private key of protection level SOFTWARE.</summary>
internal sealed class SoftwareEcdsaMaterial : AsymmetricMaterial
{
    private readonly ECDsa _ec;
    private readonly KeySpec _spec;

    /// <param name="keyVersionId">The version.</param>
    /// <param name="spec">EC_P256 or EC_P256K.</param>
    /// <param name="usage">What the key is for.</param>
    /// <param name="pkcs8">The key as PKCS#8 in DER. Wiped here: what remains is in OpenSSL's memory, which wipes it when disposed.</param>
    public SoftwareEcdsaMaterial(Guid keyVersionId, KeySpec spec, KeyUsage usage, byte[] pkcs8) : base(keyVersionId, spec, usage)
    {
        _spec = spec;
        _ec = ECDsa.Create();
        try
        {
            _ec.ImportPkcs8PrivateKey(pkcs8, out _);
            if (_ec.ExportParameters(includePrivateParameters: false).Curve.Oid.Value != spec.Curve().Oid.Value) throw new InvalidDataException($"The stored key is not of spec {spec.ApiName()}.");
        }
        catch
        {
            _ec.Dispose();
            throw;
        }
        finally { CryptographicOperations.ZeroMemory(pkcs8); }
    }

    public override void Dispose() => _ec.Dispose();

    protected override ValueTask<byte[]> SignDigest(SigningAlgorithm algorithm, byte[] digest) =>
        CoreShare.Calculate(_spec, () => _ec.SignHash(digest, DSASignatureFormat.Rfc3279DerSequence));

    protected override ValueTask<byte[]> Open(EncryptionAlgorithm algorithm, byte[] ciphertext) => throw new NotSupportedException("ECDSA keys do not encrypt.");
}
