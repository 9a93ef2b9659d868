namespace Orleans.Kms.Grains.Trail;

/// <summary>How far a block has come towards its limits.</summary>
internal struct BlockExtent
{
    private DateTimeOffset _oldest;
    private DateTimeOffset _youngest;
    private long _bytes;

    /// <summary>Adds an event, unless it belongs into the next block. The first one always fits.</summary>
    public bool TryAdd(TrailEvent? e)
    {
        if (e is null) return true;
        var bytes = _bytes + e.Json.Length + 1;
        var (oldest, youngest) = _bytes == 0 ? (e.Time, e.Time) : (e.Time < _oldest ? e.Time : _oldest, e.Time > _youngest ? e.Time : _youngest);
        if (_bytes > 0 && (bytes > TrailLimits.BlockBytes || youngest - oldest > TrailLimits.BlockSpan)) return false;
        (_oldest, _youngest, _bytes) = (oldest, youngest, bytes);
        return true;
    }
}
