namespace Orleans.Kms.Ram;

/// <summary>A role: an identity that others assume.</summary>
/// <param name="RoleId">Digits; not used again, so that the sessions of a role end with it.</param>
/// <param name="RoleName">Unique in the account, whatever the letter case.</param>
/// <param name="Arn"><c>acs:ram::ACCOUNT:role/NAME</c>.</param>
/// <param name="Description">As given; may be empty.</param>
/// <param name="AssumeRolePolicyDocument">The trust policy, JSON; who may assume the role.</param>
/// <param name="MaxSessionDuration">How long a session may last, in seconds.</param>
/// <param name="CreatedAt">When it was made (UTC).</param>
/// <param name="UpdatedAt">When it was changed last (UTC).</param>
[GenerateSerializer, Immutable, Alias("kms.ram-role")]
public sealed record RamRole(
    [property: Id(0)] string RoleId, [property: Id(1)] string RoleName, [property: Id(2)] string Arn, [property: Id(3)] string Description, [property: Id(4)] string AssumeRolePolicyDocument,
    [property: Id(5)] int MaxSessionDuration, [property: Id(6)] DateTimeOffset CreatedAt, [property: Id(7)] DateTimeOffset UpdatedAt)
{
    /// <summary>The least that <see cref="MaxSessionDuration"/> may be, in seconds; also what it is if nothing is said.</summary>
    public const int MinMaxSessionDuration = 3600;

    /// <summary>The most that <see cref="MaxSessionDuration"/> may be, in seconds.</summary>
    public const int MaxMaxSessionDuration = 43200;
}

/// <summary>What a caller says of a role; null is not said: the default at creation, unchanged in a change.</summary>
/// <param name="AssumeRolePolicyDocument">The trust policy; required at creation.</param>
/// <param name="Description">0 to 1024 characters.</param>
/// <param name="MaxSessionDuration">3600 (default) to 43200 seconds.</param>
[GenerateSerializer, Immutable, Alias("kms.ram-role-settings")]
public sealed record RamRoleSettings(
    [property: Id(0)] string? AssumeRolePolicyDocument, [property: Id(1)] string? Description = null, [property: Id(2)] int? MaxSessionDuration = null);

/// <summary>A page of roles, in order of name.</summary>
/// <param name="Roles">The roles.</param>
/// <param name="Marker">Where the next page begins; null after the last one.</param>
[GenerateSerializer, Immutable, Alias("kms.ram-role-page")]
public sealed record RamRolePage([property: Id(0)] RamRole[] Roles, [property: Id(1)] string? Marker);
