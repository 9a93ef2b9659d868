using Orleans.Kms.Cluster.Tests.Checking;
using Orleans.Kms.Cluster.Tests.Clients;
using Orleans.Kms.Cluster.Tests.Faults;
using Orleans.Kms.Cluster.Tests.History;
using Orleans.Kms.Cluster.Tests.Processes;

namespace Orleans.Kms.Cluster.Tests;

/// <summary>A cluster under load, to which everything bad happens, and the judgement on what its clients saw.</summary>
internal static class FailureRun
{
    // Longer than a silo may take to answer.
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Does it all. What the processes wrote and the history stay where they are if anything is wrong.</summary>
    public static async Task<RunReport> Run(RunSettings settings, TextWriter output, CancellationToken stop)
    {
        await output.WriteLineAsync($"seed {settings.Seed}");
        await using var cluster = await TestCluster.Start(new());
        var (recorder, ledger, dice) = (new Recorder(), new Ledger(), new Dice(settings.Seed));
        var begin = cluster.Time.GetUtcNow();
        try
        {
            var misfortune = await Live(cluster, recorder, ledger, dice, settings, output, stop);
            await new FinalReading(number => cluster.Client(number, CallTimeout), recorder, ledger).Run();
            var events = await new EventReading(number => cluster.Client(number, CallTimeout)).Run(begin, cluster.Time.GetUtcNow());
            var firstPhases = ledger.SharedKeys.ToDictionary(key => key.Id, key => key.Import is null ? KeyPhase.Enabled : KeyPhase.PendingImport);
            var report = new RunReport(settings, recorder.Calls, [.. ledger.Found, .. Judgement.Of(recorder.Calls, firstPhases, events)], misfortune.Records, misfortune.Skipped);
            await report.Write(output);
            if (report.IsGood) cluster.DidWell();
            return report;
        }
        finally { await recorder.Write(Path.Combine(cluster.Folder, "logs", "history.jsonl")); }
    }

    private static async Task<Misfortune> Live(TestCluster cluster, Recorder recorder, Ledger ledger, Dice dice, RunSettings settings, TextWriter output, CancellationToken stop)
    {
        using var patient = cluster.Client(0, CallTimeout);
        using var probing = cluster.Client(0, ProbeTimeout);
        var probe = new Probe(probing, recorder);
        await probe.Prepare(patient);
        var workload = new Workload(number => cluster.Client(number, CallTimeout), recorder, ledger, dice.Fork());
        await workload.Prepare();
        using var end = new CancellationTokenSource();
        var load = workload.Run(settings.Callers, end.Token);
        var misfortune = new Misfortune(cluster, probe, dice.Fork(), output);
        try
        {
            await misfortune.Run(settings.Time, stop);
        }
        finally
        {
            await end.CancelAsync();
            await load;
        }
        await cluster.Restore();
        return misfortune;
    }
}
