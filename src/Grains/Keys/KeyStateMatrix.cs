using Orleans.Kms.Errors;
using Orleans.Kms.Keys;
using static Orleans.Kms.Grains.Keys.KeyOperation;

namespace Orleans.Kms.Grains.Keys;

/// <summary>Which operation is allowed in which state: the documented matrix.</summary>
internal static class KeyStateMatrix
{
    /// <summary>Why <paramref name="operation"/> is refused in <paramref name="state"/>, or null if it is allowed.</summary>
    public static KmsErrorCode? Refusal(KeyOperation operation, KeyState state) => operation switch
    {
        DescribeKey or ListAliasesByKeyId or ListResourceTags or DescribeKeyVersion or ListKeyVersions or GetKeyPolicy or SetKeyPolicy
            or GetParametersForImport or DeleteKeyMaterial => null,
        UpdateKeyDescription or SetDeletionProtection or UpdateAlias or TagResource or UntagResource or TagResources or UntagResources =>
            Row(state, null, null, KmsErrorCode.KeyPendingDeletion, null),
        EnableKey or DisableKey => Row(state, null, null, KmsErrorCode.StateModificationFailed, KmsErrorCode.StateModificationFailed),
        ScheduleKeyDeletion or CreateAlias or ImportKeyMaterial => Row(state, null, null, KmsErrorCode.StateModificationFailed, null),
        CancelKeyDeletion => Row(state, KmsErrorCode.StateModificationFailed, KmsErrorCode.StateModificationFailed, null, KmsErrorCode.StateModificationFailed),
        Encrypt or Decrypt or GenerateDataKey or GenerateDataKeyWithoutPlaintext or ReEncrypt or ExportDataKey or GenerateAndExportDataKey
            or CreateKeyVersion or UpdateRotationPolicy
            or GetPublicKey or AsymmetricSign or AsymmetricVerify or AsymmetricEncrypt or AsymmetricDecrypt =>
            Row(state, null, KmsErrorCode.KeyDisabled, KmsErrorCode.KeyPendingDeletion, KmsErrorCode.KeyPendingImport),
        _ => throw new ArgumentOutOfRangeException(nameof(operation)),
    };

    private static KmsErrorCode? Row(KeyState state, KmsErrorCode? enabled, KmsErrorCode? disabled, KmsErrorCode? pendingDeletion, KmsErrorCode? pendingImport) => state switch
    {
        KeyState.Enabled => enabled,
        KeyState.Disabled => disabled,
        KeyState.PendingDeletion => pendingDeletion,
        KeyState.PendingImport => pendingImport,
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };
}
