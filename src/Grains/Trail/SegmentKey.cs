namespace Orleans.Kms.Grains.Trail;

/// <summary>A segment's place in the order of all.</summary>
/// <param name="Time">Its time, in milliseconds since 1970.</param>
/// <param name="Chain">Its chain.</param>
/// <param name="Number">The number of its first block.</param>
internal readonly record struct SegmentKey(long Time, int Chain, long Number) : IComparable<SegmentKey>
{
    /// <summary>The place beside it in that direction: no segment lies between.</summary>
    public SegmentKey Beside(bool forward) => this with { Number = forward ? Number + 1 : Number - 1 };

    public int CompareTo(SegmentKey other) => (Time, Chain, Number).CompareTo((other.Time, other.Chain, other.Number));
}
