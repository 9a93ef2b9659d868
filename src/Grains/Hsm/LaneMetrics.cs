namespace Orleans.Kms.Grains.Hsm;

/// <summary>What is measured of one lane on one token. Tags are made once: measuring allocates nothing.</summary>
internal sealed class LaneMetrics(HsmMetrics metrics, string token, long number)
{
    private readonly KeyValuePair<string, object?> _token = new("token", token);
    private readonly KeyValuePair<string, object?> _number = new("lane", number);
    private Func<(LaneState State, bool HasSession)>? _look;

    /// <summary>How often keys were found unwrapped.</summary>
    public CacheUse CacheUse { get; } = new();

    public KeyValuePair<string, object?> Token => _token;

    public KeyValuePair<string, object?> Number => _number;

    /// <summary>How the lane is now; null once it has ended.</summary>
    public (LaneState State, bool HasSession)? Now => _look?.Invoke();

    /// <summary>Lets metrics look at the lane until <see cref="End"/>.</summary>
    public void Watch(Func<(LaneState State, bool HasSession)> look) => _look = look;

    public void End() => _look = null;

    /// <summary>One fault; <paramref name="code"/> is the name of the return code.</summary>
    public void Fault(string code) => metrics.Faults.Add(1, new("ckr", code), _token);

    public void Reopened() => metrics.Reopened.Add(1, _token);

    public void Queued() => metrics.Queue.Add(1, _token);

    public void Dequeued() => metrics.Queue.Add(-1, _token);

    /// <summary>A call went on to another token.</summary>
    public void Failover() => metrics.Failovers.Add(1, _token);

    /// <summary>A call has ended on the lane's thread.</summary>
    public void Took(string operation, TimeSpan duration) => metrics.Duration.Record(duration.TotalSeconds, new("operation", operation), _token);
}
