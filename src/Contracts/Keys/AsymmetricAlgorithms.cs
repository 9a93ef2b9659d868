namespace Orleans.Kms.Keys;

/// <summary>How a private key signs a digest of 32 bytes.</summary>
public enum SigningAlgorithm
{
    /// <summary><c>RSA_PSS_SHA_256</c>: RSASSA-PSS (RFC 8017) over a SHA-256 digest, MGF1 with SHA-256, a salt of 32 bytes.</summary>
    RsaPssSha256 = 0,
    /// <summary><c>RSA_PKCS1_SHA_256</c>: RSASSA-PKCS1-v1_5 (RFC 8017) over a SHA-256 digest.</summary>
    RsaPkcs1Sha256 = 1,
    /// <summary><c>ECDSA_SHA_256</c>: ECDSA over a SHA-256 digest; the signature is an ASN.1 DER sequence of r and s.</summary>
    EcdsaSha256 = 2,
    /// <summary><c>SM2DSA</c>: SM2 signature over SM3(Z, M), which the caller works out; the signature is an ASN.1 DER sequence of r and s.</summary>
    Sm2Dsa = 3,
}

/// <summary>How a public key encrypts.</summary>
public enum EncryptionAlgorithm
{
    /// <summary><c>RSAES_OAEP_SHA_256</c>: RSAES-OAEP (RFC 8017), SHA-256 for hash and MGF1, no label.</summary>
    RsaesOaepSha256 = 0,
    /// <summary><c>RSAES_OAEP_SHA_1</c>: RSAES-OAEP (RFC 8017), SHA-1 for hash and MGF1, no label.</summary>
    RsaesOaepSha1 = 1,
    /// <summary><c>SM2PKE</c>: SM2 encryption (GB/T 32918.4); the ciphertext is C1, C3, C2: the uncompressed point, the SM3 hash, the data.</summary>
    Sm2Pke = 2,
}

/// <summary>Which algorithm goes with which key spec, and how much it takes.</summary>
public static class AsymmetricAlgorithms
{
    /// <summary>The length of every digest that is signed, in bytes: SHA-256 and SM3 alike.</summary>
    public const int DigestBytes = 32;

    /// <summary>The most that SM2PKE takes, in bytes.</summary>
    public const int MaxSm2PlaintextBytes = 6047;

    /// <summary>What an SM2PKE ciphertext is longer than its plaintext: a point of 65 bytes and a hash of 32.</summary>
    public const int Sm2CiphertextOverhead = 97;

    /// <summary>The longest signature that is looked at, in bytes: one of RSA_4096.</summary>
    public const int MaxSignatureBytes = 512;

    /// <summary>Whether a CMK of that spec signs with that algorithm.</summary>
    public static bool Fits(this SigningAlgorithm algorithm, KeySpec spec) => algorithm switch
    {
        SigningAlgorithm.RsaPssSha256 or SigningAlgorithm.RsaPkcs1Sha256 => spec.IsRsa(),
        SigningAlgorithm.EcdsaSha256 => spec is KeySpec.EcP256 or KeySpec.EcP256K,
        SigningAlgorithm.Sm2Dsa => spec is KeySpec.EcSm2,
        _ => false,
    };

    /// <summary>Whether a CMK of that spec encrypts with that algorithm.</summary>
    public static bool Fits(this EncryptionAlgorithm algorithm, KeySpec spec) => algorithm switch
    {
        EncryptionAlgorithm.RsaesOaepSha256 or EncryptionAlgorithm.RsaesOaepSha1 => spec.IsRsa(),
        EncryptionAlgorithm.Sm2Pke => spec is KeySpec.EcSm2,
        _ => false,
    };

    /// <summary>The most that one encryption takes, in bytes. OAEP: modulus - 2 hashes - 2 (RFC 8017, 7.1.1).</summary>
    public static int MaxPlaintextBytes(this EncryptionAlgorithm algorithm, KeySpec spec) => algorithm switch
    {
        EncryptionAlgorithm.RsaesOaepSha256 => spec.ModulusBytes() - 66,
        EncryptionAlgorithm.RsaesOaepSha1 => spec.ModulusBytes() - 42,
        EncryptionAlgorithm.Sm2Pke => MaxSm2PlaintextBytes,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };
}
