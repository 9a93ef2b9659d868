using Orleans.Kms.Errors;

namespace Orleans.Kms.Keys;

/// <summary>The API's spelling of each value; case-sensitive, one spelling each.</summary>
public static class ApiNames
{
    /// <summary>The spelling in KeyMetadata, for example <c>Aliyun_AES_256</c>.</summary>
    public static string ApiName(this KeySpec spec) => spec switch
    {
        KeySpec.Aes256 => "Aliyun_AES_256",
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
