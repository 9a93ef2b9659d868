using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Listing;

/// <summary>What the index tells of a CMK.</summary>
/// <param name="Class">What lists are filtered by.</param>
/// <param name="DueAt">When the service has to do something to it by itself (UTC); null if never.</param>
/// <param name="Tags">Its tags.</param>
internal sealed record KeyRow(KeyClass Class, DateTimeOffset? DueAt, IReadOnlyList<Tag> Tags)
{
    /// <summary>Whether the index would say the same of both.</summary>
    public bool Equals(KeyRow? other) => other is not null && Class == other.Class && DueAt == other.DueAt && Tags.SequenceEqual(other.Tags);

    public override int GetHashCode() => HashCode.Combine(Class, DueAt);
}
