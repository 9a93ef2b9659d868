using System.Diagnostics.Metrics;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>What the HSM lanes count, on the meter <c>Orleans.Kms</c>.</summary>
internal sealed class HsmMetrics
{
    private readonly Counter<long> _faults;
    private readonly Counter<long> _sessions;
    private readonly UpDownCounter<long> _queued;

    public HsmMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Orleans.Kms");
        _faults = meter.CreateCounter<long>("kms.hsm.faults", description: "Faults of token, session or device, by PKCS#11 answer");
        _sessions = meter.CreateCounter<long>("kms.hsm.sessions", description: "Sessions opened");
        _queued = meter.CreateUpDownCounter<long>("kms.hsm.queued", description: "Calls that wait for a lane");
    }

    /// <summary>A fault; <paramref name="answer"/> is the PKCS#11 name of it.</summary>
    public void Fault(string answer) => _faults.Add(1, new KeyValuePair<string, object?>("ckr", answer));

    /// <summary>A session was opened.</summary>
    public void Opened() => _sessions.Add(1);

    /// <summary>A call joined (+1) or left (-1) a lane's queue.</summary>
    public void Queued(int change) => _queued.Add(change);
}
