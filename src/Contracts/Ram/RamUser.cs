namespace Orleans.Kms.Ram;

/// <summary>A RAM user.</summary>
/// <param name="UserId">Digits; stays when the user is renamed, and is not used again.</param>
/// <param name="UserName">Unique in the account, whatever the letter case.</param>
/// <param name="DisplayName">For people; may be empty.</param>
/// <param name="MobilePhone">As given; may be empty.</param>
/// <param name="Email">As given; may be empty.</param>
/// <param name="Comments">As given; may be empty.</param>
/// <param name="CreatedAt">When it was made (UTC).</param>
/// <param name="UpdatedAt">When it was changed last (UTC).</param>
[GenerateSerializer, Immutable, Alias("kms.ram-user")]
public sealed record RamUser(
    [property: Id(0)] string UserId, [property: Id(1)] string UserName, [property: Id(2)] string DisplayName, [property: Id(3)] string MobilePhone, [property: Id(4)] string Email,
    [property: Id(5)] string Comments, [property: Id(6)] DateTimeOffset CreatedAt, [property: Id(7)] DateTimeOffset UpdatedAt);

/// <summary>What a caller says of a RAM user; null is not said: empty at creation, unchanged in a change.</summary>
/// <param name="UserName">The name; required at creation.</param>
/// <param name="DisplayName">See <see cref="RamUser"/>.</param>
/// <param name="MobilePhone">See <see cref="RamUser"/>.</param>
/// <param name="Email">See <see cref="RamUser"/>.</param>
/// <param name="Comments">See <see cref="RamUser"/>.</param>
[GenerateSerializer, Immutable, Alias("kms.ram-user-settings")]
public sealed record RamUserSettings(
    [property: Id(0)] string? UserName, [property: Id(1)] string? DisplayName = null, [property: Id(2)] string? MobilePhone = null, [property: Id(3)] string? Email = null,
    [property: Id(4)] string? Comments = null);

/// <summary>A page of users, in order of name.</summary>
/// <param name="Users">The users.</param>
/// <param name="Marker">Where the next page begins; null after the last one.</param>
[GenerateSerializer, Immutable, Alias("kms.ram-user-page")]
public sealed record RamUserPage([property: Id(0)] RamUser[] Users, [property: Id(1)] string? Marker);

/// <summary>A user as a member of a group.</summary>
/// <param name="User">The user.</param>
/// <param name="JoinedAt">Since when (UTC).</param>
[GenerateSerializer, Immutable, Alias("kms.ram-group-member")]
public sealed record RamGroupMember([property: Id(0)] RamUser User, [property: Id(1)] DateTimeOffset JoinedAt);

/// <summary>A page of a group's users, in order of name.</summary>
/// <param name="Members">The users.</param>
/// <param name="Marker">Where the next page begins; null after the last one.</param>
[GenerateSerializer, Immutable, Alias("kms.ram-group-member-page")]
public sealed record RamGroupMemberPage([property: Id(0)] RamGroupMember[] Members, [property: Id(1)] string? Marker);
