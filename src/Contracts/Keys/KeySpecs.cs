namespace Orleans.Kms.Keys;

/// <summary>What each <see cref="KeySpec"/> is and can be used for.</summary>
public static class KeySpecs
{
    /// <summary>Whether one secret both encrypts and decrypts; such a CMK has a primary version and can rotate by itself.</summary>
    public static bool IsSymmetric(this KeySpec spec) => spec is KeySpec.Aes256 or KeySpec.Sm4;

    /// <summary>The length of a symmetric key in bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No symmetric spec.</exception>
    public static int SymmetricKeyBytes(this KeySpec spec) => spec switch
    {
        KeySpec.Aes256 => 32,
        KeySpec.Sm4 => 16,
        _ => throw new ArgumentOutOfRangeException(nameof(spec)),
    };

    /// <summary>Whether it is an RSA key pair.</summary>
    public static bool IsRsa(this KeySpec spec) => spec is KeySpec.Rsa2048 or KeySpec.Rsa3072 or KeySpec.Rsa4096;

    /// <summary>The length of an RSA modulus in bytes, which is that of its signatures and ciphertexts.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No RSA spec.</exception>
    public static int ModulusBytes(this KeySpec spec) => spec switch
    {
        KeySpec.Rsa2048 => 256,
        KeySpec.Rsa3072 => 384,
        KeySpec.Rsa4096 => 512,
        _ => throw new ArgumentOutOfRangeException(nameof(spec)),
    };

    /// <summary>Whether a CMK of that spec may have that usage.</summary>
    public static bool Allows(this KeySpec spec, KeyUsage usage) => usage switch
    {
        KeyUsage.EncryptDecrypt => spec is not (KeySpec.EcP256 or KeySpec.EcP256K),
        KeyUsage.SignVerify => !spec.IsSymmetric(),
        _ => false,
    };

    /// <summary>The usage of a CMK whose creator names none: ENCRYPT/DECRYPT if the spec allows it.</summary>
    public static KeyUsage DefaultUsage(this KeySpec spec) => spec.Allows(KeyUsage.EncryptDecrypt) ? KeyUsage.EncryptDecrypt : KeyUsage.SignVerify;
}
