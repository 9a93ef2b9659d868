namespace Orleans.Kms.Grains.Trail;

/// <summary>How far a lookup has come. Events are read in the order of their segments' times, chains, blocks and places: of events that lie within seconds of each other any may come first.</summary>
/// <param name="Time">The time of the segment.</param>
/// <param name="Chain">The chain.</param>
/// <param name="Number">The block.</param>
/// <param name="Position">The event in the block that was the last, from 0; -1 if nothing was read yet of the segment that begins with the block.</param>
internal sealed record TrailCursor(DateTimeOffset Time, int Chain, long Number, int Position);
