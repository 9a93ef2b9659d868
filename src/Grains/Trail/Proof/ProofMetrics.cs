using System.Diagnostics.Metrics;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Trail.Proof;

/// <summary>What is measured of checkpoints and anchors.</summary>
internal sealed class ProofMetrics
{
    private readonly TimeProvider _clock;
    private readonly Counter<long> _checkpoints;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _anchorFailures;
    private long _coveredAt;

    public ProofMetrics(IMeterFactory meters, TimeProvider clock)
    {
        // A silo that never covers anything should be seen, too.
        _coveredAt = clock.GetTimestamp();
        _clock = clock;
        var meter = meters.Create(HsmMetrics.MeterName);
        _checkpoints = meter.CreateCounter<long>("kms.trail.checkpoints", "{checkpoint}", "Checkpoints of the trail that were signed.");
        _failures = meter.CreateCounter<long>("kms.trail.checkpoint.failures", "{try}", "Checkpoints that could not be made when they were due; each is tried again.");
        _anchorFailures = meter.CreateCounter<long>("kms.trail.anchor.failures", "{try}", "Checkpoints that a token (tag token), or the file beside the root key file, did not keep.");
        // A rise from nothing would not be seen.
        _failures.Add(0);
        meter.CreateObservableGauge("kms.trail.checkpoint.age", () => _clock.GetElapsedTime(Volatile.Read(ref _coveredAt)).TotalSeconds, "s", "How long ago this silo last found all of the trail signed, or signed it.");
    }

    public void Signed() => _checkpoints.Add(1);

    /// <summary>All that the trail has is signed.</summary>
    public void Covered() => Volatile.Write(ref _coveredAt, _clock.GetTimestamp());

    public void Failed() => _failures.Add(1);

    public void NotAnchored(string token) => _anchorFailures.Add(1, new KeyValuePair<string, object?>("token", token));
}
