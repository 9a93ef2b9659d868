using Net.Pkcs11Interop.Common;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>What a token's return code means to us.</summary>
internal static class TokenFaults
{
    // Of PKCS#11 3.0, which the interop library does not know yet: CKR_AEAD_DECRYPT_FAILED, CKR_TOKEN_RESOURCE_EXCEEDED, CKR_OPERATION_CANCEL_FAILED.
    private const CKR AeadDecryptFailed = (CKR)0x42;
    private const CKR TokenResourceExceeded = (CKR)0x201;
    private const CKR OperationCancelFailed = (CKR)0x202;

    /// <summary>
    /// True if session, login or device are broken, so that a new session or another token may cure it. False if the same call would fail again: a PIN refused,
    /// data or templates refused, a mechanism missing.
    /// </summary>
    public static bool IsFault(CKR code) => code switch
    {
        CKR.CKR_SESSION_HANDLE_INVALID or CKR.CKR_SESSION_CLOSED or CKR.CKR_SESSION_COUNT => true,
        CKR.CKR_DEVICE_ERROR or CKR.CKR_DEVICE_MEMORY or CKR.CKR_DEVICE_REMOVED or CKR.CKR_HOST_MEMORY or TokenResourceExceeded => true,
        CKR.CKR_TOKEN_NOT_PRESENT or CKR.CKR_TOKEN_NOT_RECOGNIZED or CKR.CKR_SLOT_ID_INVALID => true,
        CKR.CKR_USER_NOT_LOGGED_IN or CKR.CKR_USER_ANOTHER_ALREADY_LOGGED_IN or CKR.CKR_USER_TOO_MANY_TYPES => true,
        CKR.CKR_OBJECT_HANDLE_INVALID or CKR.CKR_KEY_HANDLE_INVALID => true,
        CKR.CKR_WRAPPING_KEY_HANDLE_INVALID or CKR.CKR_UNWRAPPING_KEY_HANDLE_INVALID => true,
        // An operation left half done by a failed call blocks its session for ever. A buffer of ours is never too small for what there is to say.
        CKR.CKR_OPERATION_ACTIVE or CKR.CKR_OPERATION_NOT_INITIALIZED or OperationCancelFailed or CKR.CKR_BUFFER_TOO_SMALL => true,
        CKR.CKR_CRYPTOKI_NOT_INITIALIZED or CKR.CKR_FUNCTION_FAILED or CKR.CKR_FUNCTION_CANCELED or CKR.CKR_FUNCTION_REJECTED or CKR.CKR_CANCEL or CKR.CKR_GENERAL_ERROR => true,
        CKR.CKR_MUTEX_BAD or CKR.CKR_MUTEX_NOT_LOCKED or CKR.CKR_CANT_LOCK or CKR.CKR_RANDOM_NO_RNG or CKR.CKR_FIPS_SELF_TEST_FAILED or CKR.CKR_LIBRARY_LOAD_FAILED => true,
        // Vendors' own codes: mostly of the line between module and device.
        >= CKR.CKR_VENDOR_DEFINED => true,
        _ => false,
    };

    /// <summary>
    /// True if the session has to be replaced. Whatever the code, an object that was not destroyed may live on, with a key in it; only the end of its session is sure to end it.
    /// </summary>
    public static bool IsFault(Pkcs11Exception failure) => IsFault(failure.RV) || failure.Method == "C_DestroyObject";

    /// <summary>True if a new session is not enough: the module has lost the token or itself.</summary>
    public static bool NeedsRestart(CKR code) => code is CKR.CKR_TOKEN_NOT_PRESENT or CKR.CKR_CRYPTOKI_NOT_INITIALIZED;

    /// <summary>True if the code says that there is no such session any more.</summary>
    public static bool EndsSessions(CKR code) => code is
        CKR.CKR_SESSION_HANDLE_INVALID or CKR.CKR_SESSION_CLOSED or CKR.CKR_DEVICE_REMOVED or CKR.CKR_TOKEN_NOT_PRESENT or CKR.CKR_CRYPTOKI_NOT_INITIALIZED;

    /// <summary>True if a decryption or unwrapping answered that the data is not genuine.</summary>
    public static bool IsBadData(CKR code) => code is
        CKR.CKR_ENCRYPTED_DATA_INVALID or CKR.CKR_ENCRYPTED_DATA_LEN_RANGE or AeadDecryptFailed or
        CKR.CKR_WRAPPED_KEY_INVALID or CKR.CKR_WRAPPED_KEY_LEN_RANGE;

    /// <summary>
    /// True if the import of a user's key, by mechanisms that the token has, answered that the data, or what came out of it, is no such key. Some modules call it data, and
    /// SoftHSM has no mechanism for a key of another length.
    /// </summary>
    public static bool IsBadMaterial(CKR code) => IsBadData(code) || code is
        CKR.CKR_DATA_INVALID or CKR.CKR_DATA_LEN_RANGE or CKR.CKR_KEY_SIZE_RANGE or CKR.CKR_ATTRIBUTE_VALUE_INVALID or CKR.CKR_TEMPLATE_INCONSISTENT or CKR.CKR_MECHANISM_INVALID;

    /// <summary>True if the code may mean bad data or a broken device: SoftHSM has no other answer to a wrong tag than CKR_GENERAL_ERROR.</summary>
    public static bool IsAmbiguous(CKR code) => code is CKR.CKR_GENERAL_ERROR or CKR.CKR_FUNCTION_FAILED;

    /// <summary>True if the PIN was refused. Trying again would bring the token nearer to locking itself.</summary>
    public static bool IsRefusedPin(CKR code) => code is
        CKR.CKR_PIN_INCORRECT or CKR.CKR_PIN_INVALID or CKR.CKR_PIN_LEN_RANGE or CKR.CKR_PIN_LOCKED or CKR.CKR_PIN_EXPIRED or
        CKR.CKR_USER_PIN_NOT_INITIALIZED;
}
