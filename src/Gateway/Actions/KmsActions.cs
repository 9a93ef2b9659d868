using System.Collections.Frozen;

namespace Orleans.Kms.Gateway.Actions;

/// <summary>The actions of KMS: one row each.</summary>
internal static class KmsActions
{
    /// <summary>The version of the API.</summary>
    public const string Version = "2016-01-20";

    // Cryptography, which changes nothing.
    private static readonly FrozenSet<string> DryRunnable = new[]
    {
        "AsymmetricDecrypt", "AsymmetricEncrypt", "AsymmetricSign", "AsymmetricVerify", "Decrypt", "Encrypt", "ExportDataKey", "GenerateAndExportDataKey", "GenerateDataKey",
        "GenerateDataKeyWithoutPlaintext", "ReEncrypt",
    }.ToFrozenSet();

    /// <summary>What carries them out, by name.</summary>
    public static FrozenDictionary<string, Func<ActionCall, ValueTask>> Rows { get; } =
        new Dictionary<string, Func<ActionCall, ValueTask>>
        {
            ["AsymmetricDecrypt"] = AsymmetricDecryptAction.Handle,
            ["AsymmetricEncrypt"] = AsymmetricEncryptAction.Handle,
            ["AsymmetricSign"] = AsymmetricSignAction.Handle,
            ["AsymmetricVerify"] = AsymmetricVerifyAction.Handle,
            ["CancelKeyDeletion"] = CancelKeyDeletionAction.Handle,
            ["CreateAlias"] = CreateAliasAction.Handle,
            ["CreateKey"] = CreateKeyAction.Handle,
            ["CreateKeyVersion"] = CreateKeyVersionAction.Handle,
            ["Decrypt"] = DecryptAction.Handle,
            ["DeleteAlias"] = DeleteAliasAction.Handle,
            ["DeleteKeyMaterial"] = DeleteKeyMaterialAction.Handle,
            ["DescribeAccountKmsStatus"] = DescribeAccountKmsStatusAction.Handle,
            ["DescribeKey"] = DescribeKeyAction.Handle,
            ["DescribeKeyVersion"] = DescribeKeyVersionAction.Handle,
            ["DescribeRegions"] = DescribeRegionsAction.Handle,
            ["DescribeService"] = DescribeServiceAction.Handle,
            ["DisableKey"] = DisableKeyAction.Handle,
            ["EnableKey"] = EnableKeyAction.Handle,
            ["Encrypt"] = EncryptAction.Handle,
            ["ExportDataKey"] = ExportDataKeyAction.Handle,
            ["GenerateAndExportDataKey"] = GenerateAndExportDataKeyAction.Handle,
            ["GenerateDataKey"] = GenerateDataKeyAction.Handle,
            ["GenerateDataKeyWithoutPlaintext"] = GenerateDataKeyWithoutPlaintextAction.Handle,
            ["GetKeyPolicy"] = GetKeyPolicyAction.Handle,
            ["GetParametersForImport"] = GetParametersForImportAction.Handle,
            ["GetPublicKey"] = GetPublicKeyAction.Handle,
            ["ImportKeyMaterial"] = ImportKeyMaterialAction.Handle,
            ["ListAliases"] = ListAliasesAction.Handle,
            ["ListAliasesByKeyId"] = ListAliasesByKeyIdAction.Handle,
            ["ListKeyVersions"] = ListKeyVersionsAction.Handle,
            ["ListKeys"] = ListKeysAction.Handle,
            ["ListResourceTags"] = ListResourceTagsAction.Handle,
            ["ListTagResources"] = ListTagResourcesAction.Handle,
            ["OpenKmsService"] = OpenKmsServiceAction.Handle,
            ["ReEncrypt"] = ReEncryptAction.Handle,
            ["ScheduleKeyDeletion"] = ScheduleKeyDeletionAction.Handle,
            ["SetDeletionProtection"] = SetDeletionProtectionAction.Handle,
            ["SetKeyPolicy"] = SetKeyPolicyAction.Handle,
            ["TagResource"] = TagResourceAction.Handle,
            ["TagResources"] = TagResourcesAction.Handle,
            ["UntagResource"] = UntagResourceAction.Handle,
            ["UntagResources"] = UntagResourcesAction.Handle,
            ["UpdateAlias"] = UpdateAliasAction.Handle,
            ["UpdateKeyDescription"] = UpdateKeyDescriptionAction.Handle,
            ["UpdateRotationPolicy"] = UpdateRotationPolicyAction.Handle,
        }.ToFrozenDictionary(row => row.Key, row => DryRunnable.Contains(row.Key) ? DryRun.Supported(row.Value) : DryRun.Refused(row.Value));
}
