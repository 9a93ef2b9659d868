using Orleans.Kms.Errors;

namespace Orleans.Kms.Keys;

/// <summary>The API's spelling of each value; case-sensitive, one spelling each.</summary>
public static class ApiNames
{
    /// <summary>The spelling in KeyMetadata, for example <c>Aliyun_AES_256</c>.</summary>
    public static string ApiName(this KeySpec spec) => spec switch
    {
        KeySpec.Aes256 => "Aliyun_AES_256",
        KeySpec.Sm4 => "Aliyun_SM4",
        KeySpec.Rsa2048 => "RSA_2048",
        KeySpec.Rsa3072 => "RSA_3072",
        KeySpec.Rsa4096 => "RSA_4096",
        KeySpec.EcP256 => "EC_P256",
        KeySpec.EcP256K => "EC_P256K",
        KeySpec.EcSm2 => "EC_SM2",
        _ => throw new ArgumentOutOfRangeException(nameof(spec)),
    };

    /// <inheritdoc cref="ApiName(KeySpec)"/>
    public static string ApiName(this KeyUsage usage) => usage switch
    {
        KeyUsage.EncryptDecrypt => "ENCRYPT/DECRYPT",
        KeyUsage.SignVerify => "SIGN/VERIFY",
        _ => throw new ArgumentOutOfRangeException(nameof(usage)),
    };

    /// <inheritdoc cref="ApiName(KeySpec)"/>
    public static string ApiName(this KeyOrigin origin) => origin switch
    {
        KeyOrigin.Kms => "Aliyun_KMS",
        KeyOrigin.External => "EXTERNAL",
        _ => throw new ArgumentOutOfRangeException(nameof(origin)),
    };

    /// <inheritdoc cref="ApiName(KeySpec)"/>
    public static string ApiName(this ProtectionLevel level) => level switch
    {
        ProtectionLevel.Software => "SOFTWARE",
        ProtectionLevel.Hsm => "HSM",
        _ => throw new ArgumentOutOfRangeException(nameof(level)),
    };

    /// <inheritdoc cref="ApiName(KeySpec)"/>
    public static string ApiName(this KeyState state) => state switch
    {
        KeyState.Enabled => "Enabled",
        KeyState.Disabled => "Disabled",
        KeyState.PendingDeletion => "PendingDeletion",
        KeyState.PendingImport => "PendingImport",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    /// <inheritdoc cref="ApiName(KeySpec)"/>
    public static string ApiName(this AutomaticRotation rotation) => rotation switch
    {
        AutomaticRotation.Disabled => "Disabled",
        AutomaticRotation.Enabled => "Enabled",
        AutomaticRotation.Suspended => "Suspended",
        _ => throw new ArgumentOutOfRangeException(nameof(rotation)),
    };

    /// <inheritdoc cref="ApiName(KeySpec)"/>
    public static string ApiName(this SigningAlgorithm algorithm) => algorithm switch
    {
        SigningAlgorithm.RsaPssSha256 => "RSA_PSS_SHA_256",
        SigningAlgorithm.RsaPkcs1Sha256 => "RSA_PKCS1_SHA_256",
        SigningAlgorithm.EcdsaSha256 => "ECDSA_SHA_256",
        SigningAlgorithm.Sm2Dsa => "SM2DSA",
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <inheritdoc cref="ApiName(KeySpec)"/>
    public static string ApiName(this EncryptionAlgorithm algorithm) => algorithm switch
    {
        EncryptionAlgorithm.RsaesOaepSha256 => "RSAES_OAEP_SHA_256",
        EncryptionAlgorithm.RsaesOaepSha1 => "RSAES_OAEP_SHA_1",
        EncryptionAlgorithm.Sm2Pke => "SM2PKE",
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <inheritdoc cref="ApiName(KeySpec)"/>
    public static string ApiName(this WrappingAlgorithm algorithm) => algorithm switch
    {
        WrappingAlgorithm.RsaesPkcs1V15 => "RSAES_PKCS1_V1_5",
        WrappingAlgorithm.RsaesOaepSha1 => "RSAES_OAEP_SHA_1",
        WrappingAlgorithm.RsaesOaepSha256 => "RSAES_OAEP_SHA_256",
        WrappingAlgorithm.Sm2Pke => "SM2PKE",
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <summary>Reads the API's spelling of a value of <typeparamref name="T"/>.</summary>
    /// <param name="text">The spelling; null means <paramref name="absent"/>.</param>
    /// <param name="parameter">The parameter's name for the failure.</param>
    /// <param name="absent">The default.</param>
    /// <param name="apiName">The spelling of each value.</param>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidParameter"/> for any other text.</exception>
    public static T Parse<T>(string? text, string parameter, T absent, Func<T, string> apiName) where T : struct, Enum
    {
        if (text is null) return absent;
        foreach (var value in Enum.GetValues<T>())
        {
            if (apiName(value) == text) return value;
        }
        throw KmsException.InvalidParameter(parameter);
    }
}
