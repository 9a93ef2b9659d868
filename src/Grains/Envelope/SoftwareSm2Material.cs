using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Envelope;

/// <summary>
/// An SM2 private key of protection level SOFTWARE. .NET has no SM2, and the library that has it keeps the key as a number that only the garbage collector ends.
/// </summary>
internal sealed class SoftwareSm2Material : AsymmetricMaterial
{
    private readonly ECPrivateKeyParameters _key;
    private volatile bool _isDisposed;

    /// <param name="keyVersionId">The version.</param>
    /// <param name="usage">What the key is for.</param>
    /// <param name="pkcs8">The key as PKCS#8 in DER. Wiped here.</param>
    public SoftwareSm2Material(Guid keyVersionId, KeyUsage usage, byte[] pkcs8) : base(keyVersionId, KeySpec.EcSm2, usage)
    {
        try
        {
            _key = PrivateKeyFactory.CreateKey(pkcs8) is ECPrivateKeyParameters key && PublicKeyInfo.Sm2Curve.Equals(key.PublicKeyParamSet)
                ? new ECPrivateKeyParameters(key.D, Sm2.Curve)
                : throw new InvalidDataException($"The stored key is not of spec {KeySpec.EcSm2.ApiName()}.");
        }
        finally { CryptographicOperations.ZeroMemory(pkcs8); }
    }

    /// <summary>Nothing that could be wiped, but it is not used any more.</summary>
    public override void Dispose() => _isDisposed = true;

    protected override ValueTask<byte[]> SignDigest(SigningAlgorithm algorithm, byte[] digest) => CoreShare.Calculate(KeySpec.EcSm2, () => Sm2.Sign(Key(), digest));

    protected override async ValueTask<byte[]> Open(EncryptionAlgorithm algorithm, byte[] ciphertext) =>
        await CoreShare.Calculate(KeySpec.EcSm2, () => Sm2.TryDecrypt(Key(), ciphertext)) ?? throw KmsException.BadCiphertext();

    private ECPrivateKeyParameters Key()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _key;
    }
}
