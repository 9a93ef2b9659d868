namespace Orleans.Kms.Grains.Trail;

/// <summary>Segments in order, in one direction. Places are asked for one after the other in that direction.</summary>
/// <param name="forward">The direction.</param>
internal abstract class SegmentList(bool forward)
{
    /// <summary>Whether the oldest come first.</summary>
    protected bool Forward { get; } = forward;

    /// <summary>The first segment at that place or after it; null if there is none.</summary>
    public abstract SegmentKey? Seek(SegmentKey from);

    /// <summary>Whether a place lies before another one in the direction of this list.</summary>
    protected bool IsBefore(SegmentKey one, SegmentKey other) => Forward ? one.CompareTo(other) < 0 : one.CompareTo(other) > 0;
}
