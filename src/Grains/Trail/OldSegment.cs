namespace Orleans.Kms.Grains.Trail;

/// <summary>A segment that is to be removed.</summary>
/// <param name="Chain">Its chain.</param>
/// <param name="Number">The number of its first block.</param>
/// <param name="Last">The number of its last block.</param>
/// <param name="Time">Its time, in milliseconds since 1970.</param>
/// <param name="Postings">What it is found by.</param>
internal sealed record OldSegment(int Chain, long Number, long Last, long Time, IReadOnlyList<TrailPosting> Postings);
