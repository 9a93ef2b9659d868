using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Listing;

/// <summary>What the index tells of a CMK.</summary>
/// <param name="Class">What lists are filtered by.</param>
/// <param name="DueAt">When the service has to do something to it by itself (UTC); null if never.</param>
/// <param name="Versions">How many versions it has, which count against quotas.</param>
/// <param name="Tags">Its tags.</param>
internal sealed record KeyRow(KeyClass Class, DateTimeOffset? DueAt, int Versions, IReadOnlyList<Tag> Tags)
{
    /// <summary>Whether the index would say the same of both.</summary>
    public bool Equals(KeyRow? other) => other is not null && Class == other.Class && DueAt == other.DueAt && Versions == other.Versions && Tags.SequenceEqual(other.Tags);

    public override int GetHashCode() => HashCode.Combine(Class, DueAt, Versions);
}
