namespace Orleans.Kms.Grains.Trail;

/// <summary>How much goes into one block and into one segment of the trail.</summary>
internal static class TrailLimits
{
    /// <summary>The events of a block.</summary>
    public const int BlockEvents = 512;

    /// <summary>The bytes of a block's events, unless there is only one.</summary>
    public const int BlockBytes = 1 << 20;

    /// <summary>A segment ends once it has so many events.</summary>
    public const int SegmentEvents = 4096;

    /// <summary>A segment ends once it has so many bytes of events.</summary>
    public const int SegmentBytes = 1 << 20;

    /// <summary>No event of a block is younger than its oldest one by more than this.</summary>
    public static readonly TimeSpan BlockSpan = TimeSpan.FromSeconds(5);

    /// <summary>A segment ends once its first block was written so long ago.</summary>
    public static readonly TimeSpan SegmentAge = TimeSpan.FromSeconds(1);

    /// <summary>How far the time of an event may be from that of its segment, the time of the oldest event of the segment's first block: what is found by time looks so much farther.</summary>
    public static readonly TimeSpan SegmentSpan = TimeSpan.FromSeconds(10);
}
