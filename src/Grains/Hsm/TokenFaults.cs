using Net.Pkcs11Interop.Common;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>What the answers of a token mean.</summary>
internal static class TokenFaults
{
    /// <summary>
    /// Whether the answer speaks of the session, the token or the device rather than of the call: a new session may do better. What is not a fault here is a
    /// mistake of ours or of the data, and would only happen again.
    /// </summary>
    public static bool IsFault(CKR answer) => answer switch
    {
        CKR.CKR_GENERAL_ERROR or CKR.CKR_FUNCTION_FAILED or CKR.CKR_HOST_MEMORY or CKR.CKR_SLOT_ID_INVALID => true,
        CKR.CKR_DEVICE_ERROR or CKR.CKR_DEVICE_MEMORY or CKR.CKR_DEVICE_REMOVED or CKR.CKR_TOKEN_NOT_PRESENT or CKR.CKR_TOKEN_NOT_RECOGNIZED => true,
        CKR.CKR_SESSION_HANDLE_INVALID or CKR.CKR_SESSION_CLOSED or CKR.CKR_SESSION_COUNT or CKR.CKR_OPERATION_ACTIVE => true,
        CKR.CKR_OBJECT_HANDLE_INVALID or CKR.CKR_KEY_HANDLE_INVALID or CKR.CKR_WRAPPING_KEY_HANDLE_INVALID or CKR.CKR_UNWRAPPING_KEY_HANDLE_INVALID => true,
        CKR.CKR_USER_NOT_LOGGED_IN or CKR.CKR_CRYPTOKI_NOT_INITIALIZED or CKR.CKR_FUNCTION_CANCELED or CKR.CKR_MUTEX_BAD => true,
        _ => false,
    };

    /// <summary>Whether the answer to a decryption says that the ciphertext is bad. SoftHSM says <see cref="CKR.CKR_GENERAL_ERROR"/>, which it says of much else.</summary>
    public static bool IsBadCiphertext(CKR answer) => answer is
        CKR.CKR_ENCRYPTED_DATA_INVALID or CKR.CKR_ENCRYPTED_DATA_LEN_RANGE or CKR.CKR_SIGNATURE_INVALID or CKR.CKR_DATA_INVALID or CKR.CKR_DATA_LEN_RANGE;

    /// <summary>Whether the token refuses the PIN. Asking again would only bring it closer to locking itself.</summary>
    public static bool IsWrongPin(CKR answer) => answer is
        CKR.CKR_PIN_INCORRECT or CKR.CKR_PIN_LOCKED or CKR.CKR_PIN_EXPIRED or CKR.CKR_PIN_INVALID or CKR.CKR_PIN_LEN_RANGE or CKR.CKR_USER_PIN_NOT_INITIALIZED;
}
