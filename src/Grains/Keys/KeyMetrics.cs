using System.Diagnostics.Metrics;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Keys;

/// <summary>What the service does to keys by itself.</summary>
internal sealed class KeyMetrics
{
    private readonly Counter<long> _rotated;
    private readonly Counter<long> _destroyed;
    private readonly Counter<long> _materialExpired;
    private readonly Counter<long> _dueFailed;
    private readonly Counter<long> _rewrapped;
    private readonly Counter<long> _rewrapFailed;
    private readonly TimeProvider _clock;
    private volatile OverdueKeys? _overdue;

    public KeyMetrics(IMeterFactory meters, TimeProvider clock)
    {
        _clock = clock;
        var meter = meters.Create(HsmMetrics.MeterName);
        _rotated = meter.CreateCounter<long>("kms.keys.rotated", "{key}", "Automatic rotations.");
        _destroyed = meter.CreateCounter<long>("kms.keys.destroyed", "{key}", "Keys destroyed when their deletion window had passed.");
        _materialExpired = meter.CreateCounter<long>("kms.keys.material.expired", "{key}", "Keys whose imported material was deleted because it had expired.");
        _dueFailed = meter.CreateCounter<long>("kms.keys.due.failed", "{try}", "Rotations, expiries and destructions that could not be done when they were due; each is tried again.");
        _rewrapped = meter.CreateCounter<long>("kms.keys.rewrapped", "{version}", "Key versions wrapped under another root key.");
        _rewrapFailed = meter.CreateCounter<long>("kms.keys.rewrap.failed", "{key}", "Keys that could not be wrapped under another root key; running it again tries them again.");
        // A rise from nothing would not be seen.
        foreach (var counter in new[] { _rotated, _destroyed, _materialExpired, _dueFailed }) counter.Add(0);
        meter.CreateObservableGauge("kms.keys.overdue", () => Overdue(overdue => overdue.Count), "{key}", "Keys whose destruction, rotation or expiry is overdue, after the last round of every minute.");
        meter.CreateObservableGauge("kms.keys.overdue.age", () => Overdue(overdue => overdue.Since is { } since ? Math.Max(0, (_clock.GetUtcNow() - since).TotalSeconds) : 0), "s", "For how long the longest overdue of them has been.");
    }

    /// <summary>What is overdue after a round.</summary>
    public void Swept(long count, DateTimeOffset? since) => _overdue = new(count, since);

    public void Rotated() => _rotated.Add(1);

    public void Destroyed() => _destroyed.Add(1);

    public void MaterialExpired() => _materialExpired.Add(1);

    public void DueFailed() => _dueFailed.Add(1);

    public void Rewrapped(int versions) => _rewrapped.Add(versions);

    public void RewrapFailed() => _rewrapFailed.Add(1);

    // Before the first round nothing is known: no figure is better than a good one.
    private IEnumerable<Measurement<T>> Overdue<T>(Func<OverdueKeys, T> look) where T : struct => _overdue is { } overdue ? [new(look(overdue))] : [];

    private sealed record OverdueKeys(long Count, DateTimeOffset? Since);
}
