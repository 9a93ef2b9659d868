using Orleans.Kms.Cluster.Tests.Processes;

namespace Orleans.Kms.Cluster.Tests.Faults;

/// <summary>Lets faults happen to a cluster, one after the other.</summary>
internal sealed class Misfortune(TestCluster cluster, Probe probe, Dice dice, TextWriter output)
{
    private readonly List<FaultRecord> _records = [];
    private readonly List<(Fault Fault, string Why)> _skipped = [];

    /// <summary>What happened so far.</summary>
    public IReadOnlyList<FaultRecord> Records => _records;

    /// <summary>What cannot happen here.</summary>
    public IReadOnlyList<(Fault Fault, string Why)> Skipped => _skipped;

    /// <summary>Lets every fault happen, in a random order, and again until the time is over: but each once.</summary>
    public async Task Run(TimeSpan time, CancellationToken stop)
    {
        foreach (var fault in FaultTable.All) if (fault.Hindrance(cluster) is { } why) _skipped.Add((fault, why));
        var possible = FaultTable.All.Except(_skipped.Select(skipped => skipped.Fault)).ToList();
        var end = TimeProvider.System.GetTimestamp() + (long)(time.TotalSeconds * TimeProvider.System.TimestampFrequency);
        for (var isFirst = true; isFirst || TimeProvider.System.GetTimestamp() < end; isFirst = false)
        {
            for (var left = possible.ToList(); left.Count > 0 && (isFirst || TimeProvider.System.GetTimestamp() < end);)
            {
                var fault = dice.Of(left);
                left.Remove(fault);
                stop.ThrowIfCancellationRequested();
                await Happen(fault, dice.Below(cluster.Silos.Count * cluster.Gateways.Count));
            }
        }
    }

    private async Task Happen(Fault fault, int victim)
    {
        await probe.Spread();
        var lasting = fault.Lasting.Least + TimeSpan.FromMilliseconds(dice.Below((int)(fault.Lasting.Most - fault.Lasting.Least).TotalMilliseconds + 1));
        await fault.Strike(cluster, victim);
        var served = fault.IsOutage ? null : probe.UntilServed();
        await Task.Delay(lasting);
        await fault.Heal(cluster, victim);
        var record = new FaultRecord(fault, await (served ?? probe.UntilServed()));
        _records.Add(record);
        await output.WriteLineAsync($"{TimeProvider.System.GetUtcNow():HH:mm:ss} {fault.Name}, {lasting.TotalSeconds:F1} s: all keys served after {record.ServedAfter.TotalSeconds:F1} s");
    }
}
