namespace Orleans.Kms.Keys;

/// <summary>How the user of a CMK of origin EXTERNAL encrypts the material that is to be imported.</summary>
public enum WrappingAlgorithm
{
    /// <summary><c>RSAES_PKCS1_V1_5</c> (RFC 8017, 7.2).</summary>
    RsaesPkcs1V15 = 0,
    /// <summary><c>RSAES_OAEP_SHA_1</c>: RSAES-OAEP (RFC 8017, 7.1), SHA-1 for hash and MGF1, no label.</summary>
    RsaesOaepSha1 = 1,
    /// <summary><c>RSAES_OAEP_SHA_256</c>: RSAES-OAEP (RFC 8017, 7.1), SHA-256 for hash and MGF1, no label.</summary>
    RsaesOaepSha256 = 2,
    /// <summary><c>SM2PKE</c>: SM2 encryption (GB/T 32918.4); the ciphertext is C1, C3, C2: the uncompressed point, the SM3 hash, the data.</summary>
    Sm2Pke = 3,
}

/// <summary>Which algorithm goes with which wrapping key, and that with which CMK.</summary>
public static class WrappingAlgorithms
{
    /// <summary>Whether a wrapping key of that spec is used so.</summary>
    public static bool Fits(this WrappingAlgorithm algorithm, KeySpec wrappingKeySpec) => algorithm switch
    {
        WrappingAlgorithm.RsaesPkcs1V15 or WrappingAlgorithm.RsaesOaepSha1 or WrappingAlgorithm.RsaesOaepSha256 => wrappingKeySpec == KeySpec.Rsa2048,
        WrappingAlgorithm.Sm2Pke => wrappingKeySpec == KeySpec.EcSm2,
        _ => false,
    };

    /// <summary>Whether the material of a CMK of that spec is imported under a wrapping key of that one: <c>RSA_2048</c>, and for SM4 <c>EC_SM2</c> as well.</summary>
    public static bool IsImportedUnder(this KeySpec spec, KeySpec wrappingKeySpec) => wrappingKeySpec switch
    {
        KeySpec.Rsa2048 => spec.IsSymmetric(),
        KeySpec.EcSm2 => spec == KeySpec.Sm4,
        _ => false,
    };
}
