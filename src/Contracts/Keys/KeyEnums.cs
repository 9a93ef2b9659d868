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

/// <summary>Where key material may exist in plaintext.</summary>
public enum ProtectionLevel
{
    /// <summary><c>SOFTWARE</c>: in the memory of a silo while the CMK is in use.</summary>
    Software = 0,
    /// <summary><c>HSM</c>: inside a PKCS#11 token only.</summary>
    Hsm = 1,
}
