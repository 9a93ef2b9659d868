using System.Diagnostics.Metrics;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Trail.Proof;

/// <summary>What is measured of checkpoints and anchors.</summary>
internal sealed class ProofMetrics
{
    private readonly Counter<long> _checkpoints;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _anchorFailures;

    public ProofMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(HsmMetrics.MeterName);
        _checkpoints = meter.CreateCounter<long>("kms.trail.checkpoints", "{checkpoint}", "Checkpoints of the trail that were signed.");
        _failures = meter.CreateCounter<long>("kms.trail.checkpoint.failures", "{try}", "Checkpoints that could not be made when they were due; each is tried again.");
        _anchorFailures = meter.CreateCounter<long>("kms.trail.anchor.failures", "{try}", "Checkpoints that a token (tag token), or the file beside the root key file, did not keep.");
    }

    public void Signed() => _checkpoints.Add(1);

    public void Failed() => _failures.Add(1);

    public void NotAnchored(string token) => _anchorFailures.Add(1, new KeyValuePair<string, object?>("token", token));
}
