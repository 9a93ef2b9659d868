using System.Diagnostics.Metrics;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>What the lanes measure.</summary>
internal sealed class HsmMetrics
{
    /// <summary>The meter that all of the service shares.</summary>
    public const string MeterName = "Orleans.Kms";

    private readonly Counter<long> _faults;
    private readonly Counter<long> _reopened;
    private readonly UpDownCounter<long> _queue;

    public HsmMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _faults = meter.CreateCounter<long>("kms.hsm.faults", "{fault}", "Calls that a session or device fault ended, retries counted each.");
        _reopened = meter.CreateCounter<long>("kms.hsm.reopened", "{session}", "Sessions opened in place of a broken one.");
        _queue = meter.CreateUpDownCounter<long>("kms.hsm.queue", "{call}", "Calls that wait for a lane.");
    }

    /// <summary>One fault; <paramref name="code"/> is the name of the return code.</summary>
    public void Fault(string code) => _faults.Add(1, new KeyValuePair<string, object?>("ckr", code));

    public void Reopened() => _reopened.Add(1);

    public void Queued() => _queue.Add(1);

    public void Dequeued() => _queue.Add(-1);
}
