using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Keys;

/// <summary>What a caller wants of a CMK, as far as its state matters.</summary>
internal enum KeyOperation
{
    Describe,
    Enable,
    Disable,
    Cryptography,
}

/// <summary>Which operation is allowed in which state: the documented matrix, one row per operation.</summary>
internal static class KeyStateMatrix
{
    /// <summary>Why <paramref name="operation"/> is refused in <paramref name="state"/>, or null if it is allowed.</summary>
    public static KmsErrorCode? Refusal(KeyOperation operation, KeyState state) => (operation, state) switch
    {
        (KeyOperation.Describe, _) => null,
        (KeyOperation.Enable or KeyOperation.Disable, KeyState.Enabled or KeyState.Disabled) => null,
        (KeyOperation.Enable or KeyOperation.Disable, _) => KmsErrorCode.StateModificationFailed,
        (KeyOperation.Cryptography, KeyState.Enabled) => null,
        (KeyOperation.Cryptography, KeyState.Disabled) => KmsErrorCode.KeyDisabled,
        (KeyOperation.Cryptography, KeyState.PendingDeletion) => KmsErrorCode.KeyPendingDeletion,
        (KeyOperation.Cryptography, KeyState.PendingImport) => KmsErrorCode.KeyPendingImport,
        _ => throw new ArgumentOutOfRangeException(nameof(operation)),
    };
}
