namespace Orleans.Kms.Grains.Trail.Delivery;

/// <summary>What there is to deliver: events of one account under one setting of one trail.</summary>
/// <param name="Id">Random digits, never used again.</param>
/// <param name="AccountId">Whose events.</param>
/// <param name="TrailId">The trail, which may be gone.</param>
/// <param name="TrailName">Its name when this began, for people.</param>
/// <param name="EventRW"><c>Write</c>, <c>Read</c> or <c>All</c>.</param>
/// <param name="TrailRegion">A region's id, or <c>All</c>.</param>
/// <param name="Bucket">Where to.</param>
/// <param name="Prefix">What the names of objects begin with; may be empty.</param>
/// <param name="HasEnded">Whether it goes no farther than its positions say.</param>
/// <param name="Positions">How far it has come, by chain.</param>
internal sealed record TrailDelivery(
    string Id, string AccountId, string TrailId, string TrailName, string EventRW, string TrailRegion, string Bucket, string Prefix, bool HasEnded,
    IReadOnlyDictionary<int, DeliveryPosition> Positions)
{
    /// <summary>Where a chain is to be delivered from and to; of a chain that began after the end nothing.</summary>
    public DeliveryPosition PositionIn(int chain) => Positions.TryGetValue(chain, out var position) ? position : new(0, HasEnded ? 0 : null);
}

/// <summary>How far a delivery has come in a chain.</summary>
/// <param name="Block">The last block of which all is delivered; 0 if there is none.</param>
/// <param name="LastBlock">The last block that is to be delivered; null if there is no end yet.</param>
internal readonly record struct DeliveryPosition(long Block, long? LastBlock);
