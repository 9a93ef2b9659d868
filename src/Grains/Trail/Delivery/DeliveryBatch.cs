namespace Orleans.Kms.Grains.Trail.Delivery;

/// <summary>Events that wait to become one object, and how far the chains were read for them.</summary>
internal sealed class DeliveryBatch(DeliveryFilter filter)
{
    /// <summary>The most events of an object, unless a single block has more.</summary>
    public const int MaxEvents = 5000;

    /// <summary>The most bytes of events of an object, unless a single block has more.</summary>
    public const int MaxBytes = 4 << 20;

    private readonly List<ReadOnlyMemory<byte>> _events = [];
    private readonly Dictionary<int, long> _read = [];
    private long _bytes;

    /// <summary>The events.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Events => _events;

    /// <summary>The last block that was read, by chain.</summary>
    public IReadOnlyDictionary<int, long> Read => _read;

    /// <summary>When the oldest of the events was recorded (UTC).</summary>
    public DateTimeOffset Oldest { get; private set; } = DateTimeOffset.MaxValue;

    /// <summary>The last block with an event that is not what was written, cannot be read, and is left out; null if there was none.</summary>
    public (int Chain, long Number)? Damaged { get; private set; }

    /// <summary>Whether nothing more fits.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Takes those events of a block that are to be delivered; false if they do not fit any more, and the block is for the next batch.</summary>
    public bool TryAdd(TrailBlock block)
    {
        var wanted = new List<ReadOnlyMemory<byte>>();
        foreach (var line in block.Events())
        {
            if (filter.Takes(line.Span) is not { } isWanted) Damaged = (block.Chain, block.Number);
            else if (isWanted) wanted.Add(line);
        }
        var bytes = wanted.Sum(line => (long)line.Length);
        IsFull = _events.Count > 0 && (_events.Count + wanted.Count > MaxEvents || _bytes + bytes > MaxBytes);
        if (IsFull) return false;
        // On their own: a line would keep all of its block in memory, which may be a thousand times as long.
        _events.AddRange(wanted.Select(line => (ReadOnlyMemory<byte>)line.ToArray()));
        _bytes += bytes;
        _read[block.Chain] = block.Number;
        if (wanted.Count > 0 && block.Time < Oldest) Oldest = block.Time;
        IsFull = _events.Count >= MaxEvents || _bytes >= MaxBytes;
        return true;
    }
}
