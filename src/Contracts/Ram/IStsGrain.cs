using Orleans.Kms.Access;

namespace Orleans.Kms.Ram;

/// <summary>Temporary credentials (STS); the grain key is the account id of the caller.</summary>
[Alias("kms.sts")]
public interface IStsGrain : IGrainWithStringKey
{
    /// <summary>
    /// Opens a session of a role. The caller needs <c>sts:AssumeRole</c> on the role, which may be another account's, and the role's trust policy has to name it. The account root
    /// may not.
    /// </summary>
    [Alias("assume-role"), RamAction("sts", "AssumeRole", ActionAccess.Read, "{roleArn}")]
    Task<AssumedRole> AssumeRole(string roleArn, string roleSessionName, SessionSettings settings);

    /// <summary>Who the caller is.</summary>
    [Alias("get-caller-identity"), RamAction("sts", "GetCallerIdentity", ActionAccess.Read)]
    Task<CallerIdentity> GetCallerIdentity();
}

/// <summary>What a caller wants of a session.</summary>
/// <param name="DurationSeconds">900 to what the role allows; null for 3600.</param>
/// <param name="Policy">A policy of at most 2048 characters, within which the role's rights remain; null for all of them.</param>
/// <param name="ExternalId">2 to 1224 characters that the trust policy may ask for; null for none.</param>
[GenerateSerializer, Immutable, Alias("kms.session-settings")]
public sealed record SessionSettings([property: Id(0)] int? DurationSeconds, [property: Id(1)] string? Policy, [property: Id(2)] string? ExternalId)
{
    /// <summary>The shortest session, in seconds.</summary>
    public const int MinDurationSeconds = 900;

    /// <summary>How long a session lasts if nothing is said, in seconds.</summary>
    public const int DefaultDurationSeconds = 3600;

    /// <summary>The longest session policy, in characters.</summary>
    public const int MaxPolicyLength = 2048;
}

/// <summary>A session of a role.</summary>
/// <param name="Credentials">What its requests are signed with.</param>
/// <param name="Arn"><c>acs:ram::ACCOUNT:role/ROLE/SESSION</c>.</param>
/// <param name="AssumedRoleId"><c>ROLEID:SESSION</c>.</param>
[GenerateSerializer, Immutable, Alias("kms.assumed-role")]
public sealed record AssumedRole([property: Id(0)] TemporaryCredentials Credentials, [property: Id(1)] string Arn, [property: Id(2)] string AssumedRoleId);

/// <summary>Temporary credentials. All three parts belong together.</summary>
/// <param name="AccessKeyId"><c>STS.</c> and 25 letters and digits.</param>
/// <param name="AccessKeySecret">44 letters and digits.</param>
/// <param name="SecurityToken">Opaque text to be sent along.</param>
/// <param name="Expiration">When they end (UTC).</param>
[GenerateSerializer, Immutable, Alias("kms.temporary-credentials")]
public sealed record TemporaryCredentials(
    [property: Id(0)] string AccessKeyId, [property: Id(1)] string AccessKeySecret, [property: Id(2)] string SecurityToken, [property: Id(3)] DateTimeOffset Expiration)
{
    /// <summary>Without the secrets.</summary>
    public override string ToString() => $"{nameof(TemporaryCredentials)} {AccessKeyId}";
}

/// <summary>Who a caller is.</summary>
/// <param name="Type">Root, user or role session.</param>
/// <param name="AccountId">16 digits.</param>
/// <param name="PrincipalId">The account id, the user's id, or <c>ROLEID:SESSION</c>.</param>
/// <param name="RoleId">Of a role session; null otherwise.</param>
/// <param name="Arn">For example <c>acs:ram::ACCOUNT:user/NAME</c>; of a role session <c>acs:ram::ACCOUNT:assumed-role/ROLE/SESSION</c>.</param>
[GenerateSerializer, Immutable, Alias("kms.caller-identity")]
public sealed record CallerIdentity(
    [property: Id(0)] IdentityType Type, [property: Id(1)] string AccountId, [property: Id(2)] string PrincipalId, [property: Id(3)] string? RoleId, [property: Id(4)] string Arn);

/// <summary>What kind of identity a caller is.</summary>
[GenerateSerializer]
public enum IdentityType
{
    /// <summary>The account root.</summary>
    Account,
    /// <summary>A RAM user.</summary>
    RamUser,
    /// <summary>A session of a role.</summary>
    AssumedRoleUser,
}
