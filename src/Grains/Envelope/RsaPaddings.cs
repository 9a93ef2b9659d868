using System.Security.Cryptography;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Envelope;

/// <summary>What .NET calls the RSA algorithms.</summary>
internal static class RsaPaddings
{
    /// <summary>PSS there means a salt as long as the digest, and MGF1 with the digest's hash.</summary>
    public static RSASignaturePadding Padding(this SigningAlgorithm algorithm) => algorithm switch
    {
        SigningAlgorithm.RsaPssSha256 => RSASignaturePadding.Pss,
        SigningAlgorithm.RsaPkcs1Sha256 => RSASignaturePadding.Pkcs1,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <inheritdoc cref="Padding(EncryptionAlgorithm)"/>
    public static RSAEncryptionPadding Padding(this WrappingAlgorithm algorithm) => algorithm switch
    {
        WrappingAlgorithm.RsaesPkcs1V15 => RSAEncryptionPadding.Pkcs1,
        WrappingAlgorithm.RsaesOaepSha1 => RSAEncryptionPadding.OaepSHA1,
        WrappingAlgorithm.RsaesOaepSha256 => RSAEncryptionPadding.OaepSHA256,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <summary>OAEP there means MGF1 with the same hash, and no label.</summary>
    public static RSAEncryptionPadding Padding(this EncryptionAlgorithm algorithm) => algorithm switch
    {
        EncryptionAlgorithm.RsaesOaepSha256 => RSAEncryptionPadding.OaepSHA256,
        EncryptionAlgorithm.RsaesOaepSha1 => RSAEncryptionPadding.OaepSHA1,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };
}
