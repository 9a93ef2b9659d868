namespace Orleans.Kms.Keys;

/// <summary>One key version of a CMK.</summary>
/// <param name="KeyId">UUID of the CMK.</param>
/// <param name="VersionId">UUID of the version.</param>
/// <param name="CreatedAt">When it was made (UTC).</param>
[GenerateSerializer, Immutable, Alias("kms.key-version")]
public sealed record KeyVersion([property: Id(0)] Guid KeyId, [property: Id(1)] Guid VersionId, [property: Id(2)] DateTimeOffset CreatedAt)
{
    /// <summary>The least time between two versions of an asymmetric CMK, in days.</summary>
    public const int MinDaysBetween = 7;
}

/// <summary>One page of a CMK's versions.</summary>
/// <param name="Versions">In order of creation.</param>
/// <param name="TotalCount">How many versions the CMK has.</param>
[GenerateSerializer, Immutable, Alias("kms.key-version-page")]
public sealed record KeyVersionPage([property: Id(0)] KeyVersion[] Versions, [property: Id(1)] int TotalCount);
