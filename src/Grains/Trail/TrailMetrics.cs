using System.Diagnostics.Metrics;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Trail;

/// <summary>What the trail's writer measures.</summary>
internal sealed class TrailMetrics
{
    private readonly Counter<long> _events;
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _commitDuration;
    private readonly Counter<long> _failures;

    public TrailMetrics(IMeterFactory meters)
    {
        // From a commit in memory to one that callers give up on.
        InstrumentAdvice<double> seconds = new() { HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10] };
        InstrumentAdvice<int> events = new() { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] };
        var meter = meters.Create(HsmMetrics.MeterName);
        _events = meter.CreateCounter<long>("kms.trail.events", "{event}", "Events that are durable.");
        _batchSize = meter.CreateHistogram<int>("kms.trail.batch.size", "{event}", "Events of one commit.", null, events);
        _commitDuration = meter.CreateHistogram<double>("kms.trail.commit.duration", "s", "How long a commit took.", null, seconds);
        _failures = meter.CreateCounter<long>("kms.trail.failures", "{call}", "Calls whose event could not be made durable, or not in time.");
        // A rise from nothing would not be seen.
        _failures.Add(0);
        meter.CreateObservableUpDownCounter("kms.trail.queue", () => Queue?.Count ?? 0, "{event}", "Events that wait for the writer.");
        meter.CreateObservableGauge("kms.trail.queue.age", () => Age?.Invoke().TotalSeconds ?? 0, "s", "For how long the event has waited that has waited longest, commits in work included.");
    }

    /// <summary>The writer's queue.</summary>
    public TrailQueue? Queue { get; set; }

    /// <summary>For how long the writer has left its oldest work waiting.</summary>
    public Func<TimeSpan>? Age { get; set; }

    public void Committed(int events, TimeSpan duration)
    {
        _events.Add(events);
        _batchSize.Record(events);
        _commitDuration.Record(duration.TotalSeconds);
    }

    public void Failed(int calls) => _failures.Add(calls);
}
