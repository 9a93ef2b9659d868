namespace Orleans.Kms.Grains.Trail.Proof;

/// <summary>An end of a chain that was signed once and is not in the database: an older copy of it was put in its place, or it was altered.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="HasEvents">The last event that the database has of it; 0 if it has none.</param>
/// <param name="HadEvents">The last event that the checkpoint covers, which is kept outside.</param>
/// <param name="SignedAt">When that was signed (UTC).</param>
internal sealed record TrailLoss(Guid ChainId, long HasEvents, long HadEvents, DateTimeOffset SignedAt);
