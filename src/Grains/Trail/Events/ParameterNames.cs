using System.Collections.Frozen;

namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>
/// What the API calls the parameters of the grain methods. As a rule that is the same name with a capital at its beginning; here are the others, by action and name or by name.
/// </summary>
internal static class ParameterNames
{
    private static readonly FrozenDictionary<string, string> Others = new Dictionary<string, string>
    {
        ["windowInDays"] = "PendingWindowInDays",
        ["isProtected"] = "EnableDeletionProtection",
        ["SetDeletionProtection.description"] = "DeletionProtectionDescription",
        ["expiresAt"] = "KeyMaterialExpireUnix",
        ["GetParametersForImport.algorithm"] = "WrappingAlgorithm",
        ["DescribeKeyVersion.versionId"] = "KeyVersionId",
        ["GetPublicKey.versionId"] = "KeyVersionId",
        ["AsymmetricSign.versionId"] = "KeyVersionId",
        ["AsymmetricVerify.versionId"] = "KeyVersionId",
        ["AsymmetricEncrypt.versionId"] = "KeyVersionId",
        ["AsymmetricDecrypt.versionId"] = "KeyVersionId",
        ["ReEncrypt.versionId"] = "SourceKeyVersionId",
        ["ReEncrypt.algorithm"] = "SourceEncryptionAlgorithm",
        ["ReEncrypt.destination"] = "DestinationKeyId",
        ["ReEncrypt.context"] = "SourceEncryptionContextKeys",
        ["context"] = "EncryptionContextKeys",
        ["destinationContext"] = "DestinationEncryptionContextKeys",
        ["keyIds"] = "ResourceId",
        ["TagResources.tags"] = "Tag",
        ["UntagResources.tagKeys"] = "TagKey",
        ["accessKeyId"] = "UserAccessKeyId",
        ["isActive"] = "Status",
        ["cascading"] = "CascadingDelete",
        ["rotate"] = "RotateStrategy",
        ["type"] = "PolicyType",
    }.ToFrozenDictionary();

    /// <summary>The API's name of a parameter.</summary>
    public static string Of(string action, string parameter) =>
        Others.TryGetValue($"{action}.{parameter}", out var name) || Others.TryGetValue(parameter, out name) ? name : char.ToUpperInvariant(parameter[0]) + parameter[1..];
}
