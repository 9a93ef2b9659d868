namespace Orleans.Kms.Grains.Trail;

/// <summary>A part of what a lookup finds.</summary>
/// <param name="Events">The JSON of each event, in the order of their times (<see cref="EventValues.Order"/>).</param>
/// <param name="Next">Where the next part begins; null if there is none. A page may have fewer events than it was asked for, or none, and go on all the same.</param>
/// <param name="Damaged">A block with an event that is not what was written and cannot be read, and so is in no page; null if there was none.</param>
internal sealed record TrailPage(IReadOnlyList<ReadOnlyMemory<byte>> Events, TrailCursor? Next, (int Chain, long Number)? Damaged);
