namespace Orleans.Kms.Grains.Trail;

/// <summary>A block that is about to be written.</summary>
/// <param name="Head">The chain as it is with this block.</param>
/// <param name="Header">Its header.</param>
/// <param name="Segment">The segment that it belongs to.</param>
/// <param name="SegmentTime">The segment's time, in milliseconds since 1970.</param>
/// <param name="Time">The time of its oldest event, in milliseconds since 1970.</param>
/// <param name="Body">Its events.</param>
/// <param name="Nonces">The nonces of its requests (<see cref="KeptNonce"/>); null if there are none.</param>
/// <param name="Postings">What of it the segment did not have yet.</param>
internal sealed record NewBlock(
    ChainHead Head, TrailBlockHeader Header, long Segment, long SegmentTime, long Time, byte[] Body, byte[]? Nonces, List<TrailPosting> Postings);
