namespace Orleans.Kms.Ram;

/// <summary>A policy: a document in up to five versions, of which one counts.</summary>
/// <param name="PolicyName">Unique among the account's policies of its type, whatever the letter case.</param>
/// <param name="PolicyType">Whether the service or the account made it.</param>
/// <param name="Description">0 to 1024 characters.</param>
/// <param name="DefaultVersion">The version that counts, for example <c>v1</c>.</param>
/// <param name="AttachmentCount">How many users, groups and roles of the account have it.</param>
/// <param name="CreatedAt">When it was made (UTC).</param>
/// <param name="UpdatedAt">When it was changed last (UTC).</param>
[GenerateSerializer, Immutable, Alias("kms.ram-policy")]
public sealed record RamPolicy(
    [property: Id(0)] string PolicyName, [property: Id(1)] PolicyType PolicyType, [property: Id(2)] string Description, [property: Id(3)] string DefaultVersion,
    [property: Id(4)] int AttachmentCount, [property: Id(5)] DateTimeOffset CreatedAt, [property: Id(6)] DateTimeOffset UpdatedAt);

/// <summary>Who made a policy.</summary>
[GenerateSerializer]
public enum PolicyType
{
    /// <summary>The service; its policies are there in every account and never change.</summary>
    System,
    /// <summary>The account.</summary>
    Custom,
}

/// <summary>One version of a policy.</summary>
/// <param name="VersionId"><c>v1</c>, <c>v2</c> and so on; numbers are not used again.</param>
/// <param name="IsDefaultVersion">Whether this one counts.</param>
/// <param name="PolicyDocument">JSON.</param>
/// <param name="CreatedAt">When it was made (UTC).</param>
[GenerateSerializer, Immutable, Alias("kms.ram-policy-version")]
public sealed record RamPolicyVersion(
    [property: Id(0)] string VersionId, [property: Id(1)] bool IsDefaultVersion, [property: Id(2)] string PolicyDocument, [property: Id(3)] DateTimeOffset CreatedAt);

/// <summary>A policy with its default version.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="DefaultPolicyVersion">The version that counts.</param>
[GenerateSerializer, Immutable, Alias("kms.ram-policy-detail")]
public sealed record RamPolicyDetail([property: Id(0)] RamPolicy Policy, [property: Id(1)] RamPolicyVersion DefaultPolicyVersion);

/// <summary>A page of policies, in order of name.</summary>
/// <param name="Policies">The policies.</param>
/// <param name="Marker">Where the next page begins; null after the last one.</param>
[GenerateSerializer, Immutable, Alias("kms.ram-policy-page")]
public sealed record RamPolicyPage([property: Id(0)] RamPolicy[] Policies, [property: Id(1)] string? Marker);

/// <summary>A policy that a user, group or role has.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="AttachedAt">Since when (UTC).</param>
[GenerateSerializer, Immutable, Alias("kms.ram-attached-policy")]
public sealed record RamAttachedPolicy([property: Id(0)] RamPolicy Policy, [property: Id(1)] DateTimeOffset AttachedAt);

/// <summary>Who has a policy.</summary>
/// <param name="Users">The users and since when (UTC).</param>
/// <param name="Groups">The groups and since when (UTC).</param>
/// <param name="Roles">The roles and since when (UTC).</param>
[GenerateSerializer, Immutable, Alias("kms.ram-policy-entities")]
public sealed record RamPolicyEntities(
    [property: Id(0)] (RamUser User, DateTimeOffset AttachedAt)[] Users, [property: Id(1)] (RamGroup Group, DateTimeOffset AttachedAt)[] Groups,
    [property: Id(2)] (RamRole Role, DateTimeOffset AttachedAt)[] Roles);
