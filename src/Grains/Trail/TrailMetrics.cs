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
        var meter = meters.Create(HsmMetrics.MeterName);
        _events = meter.CreateCounter<long>("kms.trail.events", "{event}", "Events that are durable.");
        _batchSize = meter.CreateHistogram<int>("kms.trail.batch.size", "{event}", "Events of one commit.");
        _commitDuration = meter.CreateHistogram<double>("kms.trail.commit.duration", "s", "How long a commit took.");
        _failures = meter.CreateCounter<long>("kms.trail.failures", "{call}", "Calls whose event could not be made durable, or not in time.");
        meter.CreateObservableUpDownCounter("kms.trail.queue", () => Queue?.Count ?? 0, "{event}", "Events that wait for the writer.");
    }

    /// <summary>The writer's queue.</summary>
    public TrailQueue? Queue { get; set; }

    public void Committed(int events, TimeSpan duration)
    {
        _events.Add(events);
        _batchSize.Record(events);
        _commitDuration.Record(duration.TotalSeconds);
    }

    public void Failed(int calls) => _failures.Add(calls);
}
