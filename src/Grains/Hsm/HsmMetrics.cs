using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>What the lanes measure. Of every measurement the tag <c>token</c> says which token it is of.</summary>
internal sealed class HsmMetrics
{
    /// <summary>The meter that all of the service shares.</summary>
    public const string MeterName = "Orleans.Kms";

    // A lane that starts again goes on with its figures.
    private readonly ConcurrentDictionary<(string Token, long Number), LaneMetrics> _lanes = new();

    public HsmMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        Faults = meter.CreateCounter<long>("kms.hsm.faults", "{fault}", "Calls that a session or device fault (tag ckr) or a timeout ended, retries counted each.");
        Reopened = meter.CreateCounter<long>("kms.hsm.reopened", "{session}", "Sessions opened in place of a broken one.");
        Failovers = meter.CreateCounter<long>("kms.hsm.failovers", "{call}", "Calls that went on from this token to another one.");
        Queue = meter.CreateUpDownCounter<long>("kms.hsm.queue", "{call}", "Calls that wait for a lane.");
        Duration = meter.CreateHistogram<double>("kms.hsm.duration", "s", "How long the token took for a call (tag operation: what was done, or with which algorithm a private key was used), retries included.", null,
            // From an AES call of a software token to one that the longest CallTimeout ends.
            new() { HistogramBucketBoundaries = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 12] });
        meter.CreateObservableUpDownCounter("kms.hsm.sessions", () => Look(lane => lane.Now is { HasSession: true } ? 1 : 0), "{session}", "Sessions that lanes have open.");
        meter.CreateObservableGauge("kms.hsm.lane.state", () => Look(lane => (long?)lane.Now?.State), null, "0 in order, 1 suspect: the last call failed, 2 circuit open, 3 the token hangs.");
        meter.CreateObservableCounter("kms.hsm.cache.hits", () => Look(lane => lane.CacheUse.Hits), "{key}", "Keys that were unwrapped already when they were needed.");
        meter.CreateObservableCounter("kms.hsm.cache.misses", () => Look(lane => lane.CacheUse.Misses), "{key}", "Keys that had to be unwrapped.");
    }

    public Counter<long> Faults { get; }

    public Counter<long> Reopened { get; }

    public Counter<long> Failovers { get; }

    public UpDownCounter<long> Queue { get; }

    public Histogram<double> Duration { get; }

    /// <summary>The measurements of one lane on one token.</summary>
    public LaneMetrics Of(string token, long number) => _lanes.GetOrAdd((token, number), static (key, metrics) => new(metrics, key.Token, key.Number), this);

    private IEnumerable<Measurement<long>> Look(Func<LaneMetrics, long?> look)
    {
        foreach (var lane in _lanes.Values)
        {
            if (look(lane) is { } value) yield return new(value, lane.Token, lane.Number);
        }
    }
}
