using System.Collections.Frozen;

namespace Orleans.Kms.Gateway.Actions;

/// <summary>All actions of all API versions: one row each.</summary>
internal static class ActionTable
{
    private const string Kms = "2016-01-20";

    // Cryptography, which changes nothing.
    private static readonly FrozenSet<string> DryRunnable = new[]
    {
        "AsymmetricDecrypt", "AsymmetricEncrypt", "AsymmetricSign", "AsymmetricVerify", "Decrypt", "Encrypt", "ExportDataKey", "GenerateAndExportDataKey", "GenerateDataKey",
        "GenerateDataKeyWithoutPlaintext", "ReEncrypt",
    }.ToFrozenSet();

    private static readonly FrozenDictionary<(string Version, string Action), Func<ActionCall, ValueTask>> Rows =
        new Dictionary<(string, string), Func<ActionCall, ValueTask>>
        {
            [(Kms, "AsymmetricDecrypt")] = AsymmetricDecryptAction.Handle,
            [(Kms, "AsymmetricEncrypt")] = AsymmetricEncryptAction.Handle,
            [(Kms, "AsymmetricSign")] = AsymmetricSignAction.Handle,
            [(Kms, "AsymmetricVerify")] = AsymmetricVerifyAction.Handle,
            [(Kms, "CancelKeyDeletion")] = CancelKeyDeletionAction.Handle,
            [(Kms, "CreateAlias")] = CreateAliasAction.Handle,
            [(Kms, "CreateKey")] = CreateKeyAction.Handle,
            [(Kms, "CreateKeyVersion")] = CreateKeyVersionAction.Handle,
            [(Kms, "Decrypt")] = DecryptAction.Handle,
            [(Kms, "DeleteAlias")] = DeleteAliasAction.Handle,
            [(Kms, "DeleteKeyMaterial")] = DeleteKeyMaterialAction.Handle,
            [(Kms, "DescribeAccountKmsStatus")] = DescribeAccountKmsStatusAction.Handle,
            [(Kms, "DescribeKey")] = DescribeKeyAction.Handle,
            [(Kms, "DescribeKeyVersion")] = DescribeKeyVersionAction.Handle,
            [(Kms, "DescribeRegions")] = DescribeRegionsAction.Handle,
            [(Kms, "DescribeService")] = DescribeServiceAction.Handle,
            [(Kms, "DisableKey")] = DisableKeyAction.Handle,
            [(Kms, "EnableKey")] = EnableKeyAction.Handle,
            [(Kms, "Encrypt")] = EncryptAction.Handle,
            [(Kms, "ExportDataKey")] = ExportDataKeyAction.Handle,
            [(Kms, "GenerateAndExportDataKey")] = GenerateAndExportDataKeyAction.Handle,
            [(Kms, "GenerateDataKey")] = GenerateDataKeyAction.Handle,
            [(Kms, "GenerateDataKeyWithoutPlaintext")] = GenerateDataKeyWithoutPlaintextAction.Handle,
            [(Kms, "GetKeyPolicy")] = GetKeyPolicyAction.Handle,
            [(Kms, "GetParametersForImport")] = GetParametersForImportAction.Handle,
            [(Kms, "GetPublicKey")] = GetPublicKeyAction.Handle,
            [(Kms, "ImportKeyMaterial")] = ImportKeyMaterialAction.Handle,
            [(Kms, "ListAliases")] = ListAliasesAction.Handle,
            [(Kms, "ListAliasesByKeyId")] = ListAliasesByKeyIdAction.Handle,
            [(Kms, "ListKeyVersions")] = ListKeyVersionsAction.Handle,
            [(Kms, "ListKeys")] = ListKeysAction.Handle,
            [(Kms, "ListResourceTags")] = ListResourceTagsAction.Handle,
            [(Kms, "ListTagResources")] = ListTagResourcesAction.Handle,
            [(Kms, "OpenKmsService")] = OpenKmsServiceAction.Handle,
            [(Kms, "ReEncrypt")] = ReEncryptAction.Handle,
            [(Kms, "ScheduleKeyDeletion")] = ScheduleKeyDeletionAction.Handle,
            [(Kms, "SetDeletionProtection")] = SetDeletionProtectionAction.Handle,
            [(Kms, "SetKeyPolicy")] = SetKeyPolicyAction.Handle,
            [(Kms, "TagResource")] = TagResourceAction.Handle,
            [(Kms, "TagResources")] = TagResourcesAction.Handle,
            [(Kms, "UntagResource")] = UntagResourceAction.Handle,
            [(Kms, "UntagResources")] = UntagResourcesAction.Handle,
            [(Kms, "UpdateAlias")] = UpdateAliasAction.Handle,
            [(Kms, "UpdateKeyDescription")] = UpdateKeyDescriptionAction.Handle,
            [(Kms, "UpdateRotationPolicy")] = UpdateRotationPolicyAction.Handle,
        }.ToFrozenDictionary(row => row.Key, row => DryRunnable.Contains(row.Key.Item2) ? DryRun.Supported(row.Value) : DryRun.Refused(row.Value));

    private static readonly FrozenSet<string> Versions = Rows.Keys.Select(k => k.Version).ToFrozenSet();

    /// <summary>The names of all actions of the KMS API.</summary>
    public static IEnumerable<string> Names => Rows.Keys.Where(row => row.Version == Kms).Select(row => row.Action).Order(StringComparer.Ordinal);

    /// <summary>Whether any action has that version.</summary>
    public static bool HasVersion(string version) => Versions.Contains(version);

    /// <summary>What carries an action out, or null if there is no such action in that version.</summary>
    public static Func<ActionCall, ValueTask>? Find(string version, string action) => Rows.GetValueOrDefault((version, action));
}
