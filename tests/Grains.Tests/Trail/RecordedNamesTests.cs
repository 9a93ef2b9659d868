using System.Text.RegularExpressions;
using Orleans.Kms.Grains.Tests.Docs;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Tests.Trail;

/// <summary>
/// For every parameter that the gateway reads somebody has thought of whether the trail may tell it: every name in the code of the gateway's actions is listed as recorded, or here.
/// </summary>
public sealed partial class RecordedNamesTests
{
    // Secrets, what was made from them, and keys: these are never told.
    private static readonly string[] Never =
    [
        "AccessKeySecret", "CiphertextBlob", "Digest", "EncryptedKeyMaterial", "ExportedDataKey", "ImportToken", "Plaintext", "PublicKey", "PublicKeyBlob", "Recipient", "SecurityToken", "Value",
    ];

    // Of answers, values, parts of parameters, codes.
    private static readonly string[] NoParameters =
    [
        "AccessDeniedError", "AccessKey", "AccessKeyId", "AccessKeyLastUsed", "AccessKeys", "Account", "AccountId", "AccountStatus", "Active", "Alias", "AliasArn", "Aliases", "Arn",
        "AssumedRoleId", "AssumedRoleUser", "AttachDate", "AttachmentCount", "AutomaticRotation", "CreateDate", "CreateTime", "CreationDate", "Creator", "CreatorType", "Credentials", "Custom",
        "DefaultPolicyVersion", "DefaultVersion", "DeleteDate", "DeleteOldestNonDefaultVersionWhenLimitExceeded", "DeletionProtection", "Disabled", "DryRunOperationError", "Enabled",
        "EventId", "Events", "Expiration", "Group", "GroupId", "Groups", "HomeRegion", "IdentityType", "ImportedOutsideHsm", "Inactive", "IsDefaultVersion", "IsLogging", "IsShadowTrail",
        "IsTruncated", "JoinDate", "Key", "KeyArn", "KeyMetadata", "KeySpecs", "Keys", "KeyState", "KeyVersion", "KeyVersions", "LastLoginDate", "LastRotationDate", "LastUsedDate",
        "LatestDeliveryError", "LatestDeliveryLogServiceError", "LatestDeliveryTime", "MaterialExpireTime", "NextRotationDate", "None", "OrganizationId", "OssBucketLocation", "OssBucketStatus",
        "Policies", "PolicyVersion", "PolicyVersions", "PrimaryKeyVersion", "PrincipalId", "ProtectionLevels", "RAMUser", "Region", "Regions", "Role", "RoleId", "Roles", "Service",
        "SlsLogStoreStatus", "StartLoggingTime", "StopLoggingTime", "SupportedProtectionLevel", "SupportedProtectionLevels", "System", "TagValue", "TokenExpireTime", "TotalCount", "TrailArn",
        "TrailList", "True", "Type", "UpdateDate", "UpdateTime", "Usage", "Usages", "UserId", "Users", "ValidationError", "Values",
    ];

    private static readonly string[] Contexts = ["EncryptionContext", "SourceEncryptionContext", "DestinationEncryptionContext"];

    public static TheoryData<string> Names => [.. Read()];

    [Theory, MemberData(nameof(Names))]
    public void It_is_known_whether_the_trail_may_tell_it(string name)
    {
        var isRecorded = RecordedParameters.IsRecorded(name) || RecordedParameters.IsRecorded(name + ".1") || RecordedParameters.IsRecorded(name + ".1.Key");
        var places = new[] { isRecorded, Contexts.Contains(name), Never.Contains(name), NoParameters.Contains(name) };
        Assert.True(places.Count(place => place) == 1, $"{name} is a new parameter, or none: say so in RecordedParameters or here.");
    }

    [Fact]
    public void The_code_was_found() => Assert.Superset(new HashSet<string> { "Plaintext", "KeyId", "UserName", "RoleArn", "NameList", "Value" }, Read().ToHashSet());

    private static IEnumerable<string> Read()
    {
        var gateway = Path.Combine(ApiTableTests.Root(), "src", "Gateway");
        var actions = Directory.EnumerateFiles(gateway, "*Actions.cs", SearchOption.AllDirectories).SelectMany(file => Row().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value).ToHashSet();
        return new[] { "Actions", "Ram", "Sts", "Trail" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(gateway, folder), "*.cs")).SelectMany(File.ReadLines)
            .Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)).SelectMany(line => Literal().Matches(line)).Select(match => match.Groups[1].Value)
            .Where(name => !actions.Contains(name)).Distinct().Order(StringComparer.Ordinal);
    }

    [GeneratedRegex("\"([A-Z][A-Za-z0-9]*)\"")]
    private static partial Regex Literal();

    [GeneratedRegex("\\[\"([A-Z][A-Za-z0-9]*)\"\\] = ")]
    private static partial Regex Row();
}
