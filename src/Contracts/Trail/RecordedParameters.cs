using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace Orleans.Kms.Trail;

/// <summary>
/// The parameters of a call, as far as the trail may tell them: those whose names are listed. A parameter that is not listed is never recorded: what is secret, what was made from
/// it, and what nobody here knows. Of an encryption context only the keys are.
/// </summary>
public sealed class RecordedParameters
{
    /// <summary>The longest value, in bytes; the rest is cut off.</summary>
    public const int MaxValueBytes = 32 * 1024;

    /// <summary>The most parameters, and the most keys of a context.</summary>
    public const int MaxCount = 100;

    private const string KeysSuffix = "Keys";

    // An element of a list has its number in its name.
    private const string AnyNumber = "N";

    private static readonly FrozenSet<string> Contexts = FrozenSet.Create("EncryptionContext", "SourceEncryptionContext", "DestinationEncryptionContext");

    private static readonly FrozenSet<string> Names = FrozenSet.Create(
        // KMS.
        "Algorithm", "AliasName", "All", "CertificateId", "DKMSInstanceId", "DeletionProtectionDescription", "Description", "DestinationKeyId", "DryRun", "EnableAutomaticRotation",
        "EnableDeletionProtection", "Filters", "KeyId", "KeyMaterialExpireUnix", "KeySpec", "KeyStorageMechanism", "KeyUsage", "KeyVersionId", "KmsInstanceId", "NextToken", "NumberOfBytes",
        "Origin", "PageNumber", "PageSize", "PendingWindowInDays", "Policy", "PolicyName", "ProtectedResourceArn", "ProtectionLevel", "RegionId", "ResourceId.N", "ResourceType",
        "RotationInterval", "SecretName", "SourceEncryptionAlgorithm", "SourceKeyId", "SourceKeyVersionId", "Tag.N.Key", "Tag.N.Value", "TagKey.N", "TagKeys", "Tags", "TagsKeys",
        "WrappingAlgorithm", "WrappingKeySpec",
        // RAM and STS.
        "AssumeRolePolicyDocument", "CascadingDelete", "Comments", "DisplayName", "DurationSeconds", "Email", "ExternalId", "GroupName", "Marker", "MaxItems", "MaxSessionDuration",
        "MobilePhone", "NewAssumeRolePolicyDocument", "NewComments", "NewDescription", "NewDisplayName", "NewEmail", "NewGroupName", "NewMaxSessionDuration", "NewMobilePhone",
        "NewUserName", "PolicyDocument", "PolicyType", "RoleArn", "RoleName", "RoleSessionName", "RotateStrategy", "SetAsDefault", "SourceIdentity", "Status", "UserAccessKeyId",
        "UserName", "VersionId",
        // ActionTrail.
        "Direction", "EndTime", "Event", "EventAccessKeyId", "EventName", "EventRW", "EventType", "IncludeOrganizationTrail", "IncludeShadowTrails", "IsOrganizationTrail",
        "LookupAttribute.N", "LookupAttribute.N.Key", "LookupAttribute.N.Value", "MaxComputeProjectArn", "MaxComputeWriteRoleArn", "MaxResults", "MnsTopicArn", "Name", "NameList",
        "OssBucketName", "OssKeyPrefix", "OssWriteRoleArn", "Request", "ResourceName", "ServiceName", "SlsProjectArn", "SlsWriteRoleArn", "StartTime", "TrailRegion", "User");

    private readonly List<KeyValuePair<string, string>> _values = [];
    private readonly Dictionary<string, List<string>> _contextKeys = [];

    /// <summary>Whether the value of a parameter is recorded.</summary>
    public static bool IsRecorded(string name) => Names.Contains(name.Contains('.', StringComparison.Ordinal) ? Unnumbered(name) : name);

    /// <summary>Takes what may be recorded of a parameter as it was sent.</summary>
    public void Add(string name, ReadOnlySpan<byte> value)
    {
        if (Contexts.Contains(name)) AddKeys(name, value);
        else if (name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && Contexts.Contains(name[..dot])) AddKey(name[..dot], name[(dot + 1)..]);
        else if (_values.Count < MaxCount && IsRecorded(name)) _values.Add(new(name, Encoding.UTF8.GetString(value[..Math.Min(value.Length, MaxValueBytes)])));
    }

    /// <summary>What may be recorded. The keys of a context are JSON text, as the value of a parameter of that name and <c>Keys</c>.</summary>
    public KeyValuePair<string, string>[] ToArray() =>
        [.. _values, .. _contextKeys.Select(context => new KeyValuePair<string, string>(context.Key + KeysSuffix, JsonSerializer.Serialize(context.Value)))];

    /// <summary>Whether it is the name under which a context's keys come.</summary>
    public static bool IsContextKeys(string name) => name.EndsWith(KeysSuffix, StringComparison.Ordinal) && Contexts.Contains(name[..^KeysSuffix.Length]);

    private void AddKey(string context, string key)
    {
        if (!_contextKeys.TryGetValue(context, out var keys)) _contextKeys[context] = keys = [];
        if (keys.Count < MaxCount) keys.Add(key);
    }

    // What cannot be read, or not to its end, may hold anything.
    private void AddKeys(string context, ReadOnlySpan<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json.ToArray());
            foreach (var pair in document.RootElement.EnumerateObject()) AddKey(context, pair.Name);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            _contextKeys.Remove(context);
        }
    }

    private static string Unnumbered(string name) =>
        name.Length > 64 ? name : string.Join('.', name.Split('.').Select(part => part.Length is > 0 and <= 9 && part.All(char.IsAsciiDigit) ? AnyNumber : part));
}
