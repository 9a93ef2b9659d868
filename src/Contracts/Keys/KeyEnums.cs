namespace Orleans.Kms.Keys;

/// <summary>Where a CMK is in its life cycle.</summary>
public enum KeyState
{
    /// <summary>Usable.</summary>
    Enabled = 0,
    /// <summary>Kept, but not usable for cryptography.</summary>
    Disabled = 1,
    /// <summary>Waits for its destruction.</summary>
    PendingDeletion = 2,
    /// <summary>Of origin EXTERNAL and without key material.</summary>
    PendingImport = 3,
}

/// <summary>The kind of key.</summary>
public enum KeySpec
{
    /// <summary><c>Aliyun_AES_256</c>: 256-bit AES, used in GCM mode.</summary>
    Aes256 = 0,
    /// <summary><c>Aliyun_SM4</c>: 128-bit SM4 (GB/T 32907), used in GCM mode.</summary>
    Sm4 = 1,
    /// <summary><c>RSA_2048</c>.</summary>
    Rsa2048 = 2,
    /// <summary><c>RSA_3072</c>.</summary>
    Rsa3072 = 3,
    /// <summary><c>RSA_4096</c>.</summary>
    Rsa4096 = 4,
    /// <summary><c>EC_P256</c>: NIST P-256.</summary>
    EcP256 = 5,
    /// <summary><c>EC_P256K</c>: secp256k1.</summary>
    EcP256K = 6,
    /// <summary><c>EC_SM2</c>: SM2 (GB/T 32918) on its recommended curve.</summary>
    EcSm2 = 7,
}

/// <summary>What a CMK is for.</summary>
public enum KeyUsage
{
    /// <summary><c>ENCRYPT/DECRYPT</c>.</summary>
    EncryptDecrypt = 0,
    /// <summary><c>SIGN/VERIFY</c>.</summary>
    SignVerify = 1,
}

/// <summary>Who made the key material.</summary>
public enum KeyOrigin
{
    /// <summary><c>Aliyun_KMS</c>: this service.</summary>
    Kms = 0,
    /// <summary><c>EXTERNAL</c>: the user, who imports it.</summary>
    External = 1,
}

/// <summary>Whether a CMK makes new key versions by itself.</summary>
public enum AutomaticRotation
{
    /// <summary>No.</summary>
    Disabled = 0,
    /// <summary>Yes, each time its interval has passed.</summary>
    Enabled = 1,
    /// <summary>It would, but the CMK is not enabled now.</summary>
    Suspended = 2,
}

/// <summary>Where key material may exist in plaintext.</summary>
public enum ProtectionLevel
{
    /// <summary><c>SOFTWARE</c>: in the memory of a silo while the CMK is in use.</summary>
    Software = 0,
    /// <summary><c>HSM</c>: inside a PKCS#11 token only.</summary>
    Hsm = 1,
}
