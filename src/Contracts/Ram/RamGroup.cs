namespace Orleans.Kms.Ram;

/// <summary>A group of RAM users.</summary>
/// <param name="GroupId">Digits; stays when the group is renamed, and is not used again.</param>
/// <param name="GroupName">Unique in the account, whatever the letter case.</param>
/// <param name="Comments">As given; may be empty.</param>
/// <param name="CreatedAt">When it was made (UTC).</param>
/// <param name="UpdatedAt">When it was changed last (UTC).</param>
[GenerateSerializer, Immutable, Alias("kms.ram-group")]
public sealed record RamGroup(
    [property: Id(0)] string GroupId, [property: Id(1)] string GroupName, [property: Id(2)] string Comments, [property: Id(3)] DateTimeOffset CreatedAt, [property: Id(4)] DateTimeOffset UpdatedAt);

/// <summary>A page of groups, in order of name.</summary>
/// <param name="Groups">The groups.</param>
/// <param name="Marker">Where the next page begins; null after the last one.</param>
[GenerateSerializer, Immutable, Alias("kms.ram-group-page")]
public sealed record RamGroupPage([property: Id(0)] RamGroup[] Groups, [property: Id(1)] string? Marker);

/// <summary>A group that a user belongs to.</summary>
/// <param name="Group">The group.</param>
/// <param name="JoinedAt">Since when (UTC).</param>
[GenerateSerializer, Immutable, Alias("kms.ram-membership")]
public sealed record RamMembership([property: Id(0)] RamGroup Group, [property: Id(1)] DateTimeOffset JoinedAt);
