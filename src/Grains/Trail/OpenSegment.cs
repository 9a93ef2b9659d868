namespace Orleans.Kms.Grains.Trail;

/// <summary>The segment that the writer appends to: what it is found by is written once for all of its blocks.</summary>
/// <param name="number">The number of its first block.</param>
/// <param name="time">Its time.</param>
/// <param name="begunAt">When its first block was written, in milliseconds since 1970.</param>
internal sealed class OpenSegment(long number, DateTimeOffset time, long begunAt)
{
    private readonly HashSet<TrailPosting> _postings = [];
    private int _events;
    private long _bytes;

    /// <summary>The number of its first block.</summary>
    public long Number { get; } = number;

    /// <summary>The time of the oldest event of its first block.</summary>
    public DateTimeOffset Time { get; } = time;

    /// <summary>Whether a block belongs to it.</summary>
    /// <param name="oldest">The time of the block's oldest event.</param>
    /// <param name="youngest">The time of the block's youngest event.</param>
    /// <param name="writtenAt">When the block is written, in milliseconds since 1970.</param>
    public bool Takes(DateTimeOffset oldest, DateTimeOffset youngest, long writtenAt) =>
        _events < TrailLimits.SegmentEvents && _bytes < TrailLimits.SegmentBytes && writtenAt - begunAt < TrailLimits.SegmentAge.TotalMilliseconds
        && Time - oldest <= TrailLimits.SegmentSpan && youngest - Time <= TrailLimits.SegmentSpan;

    /// <summary>Adds an event, and to <paramref name="fresh"/> what it is found by, if no event before was.</summary>
    public void Add(TrailEvent e, List<TrailPosting> fresh)
    {
        _events++;
        _bytes += e.Json.Length + 1;
        Post(new(e.AccountId, TrailTerm.All), fresh);
        foreach (var term in e.Terms) Post(new(e.AccountId, term), fresh);
    }

    private void Post(TrailPosting posting, List<TrailPosting> fresh)
    {
        if (_postings.Add(posting)) fresh.Add(posting);
    }
}
