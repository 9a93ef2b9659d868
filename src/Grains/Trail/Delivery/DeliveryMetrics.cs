using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Trail.Delivery;

/// <summary>How the deliveries of this silo do.</summary>
internal sealed class DeliveryMetrics
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _waiting = new();
    private readonly TimeProvider _clock;
    private readonly Counter<long> _failures;

    public DeliveryMetrics(IMeterFactory meters, TimeProvider clock)
    {
        _clock = clock;
        var meter = meters.Create(HsmMetrics.MeterName);
        _failures = meter.CreateCounter<long>("kms.trail.delivery.failures", "{object}", "Objects that could not be written to their buckets; each is tried again.");
        meter.CreateObservableGauge("kms.trail.delivery.lag", Lag, "s", "The age of the oldest event that waits for its delivery by this silo.");
    }

    /// <summary>That a delivery has events to write, the oldest of that time.</summary>
    public void Waits(string deliveryId, DateTimeOffset oldest) => _waiting[deliveryId] = oldest;

    /// <summary>That a delivery has none any more, or not on this silo.</summary>
    public void Forget(string deliveryId) => _waiting.TryRemove(deliveryId, out _);

    /// <summary>That an object could not be written.</summary>
    public void Failed() => _failures.Add(1);

    private double Lag()
    {
        var oldest = _waiting.Values.DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        return Math.Max(0, (_clock.GetUtcNow() - oldest).TotalSeconds);
    }
}
