using Orleans.Kms.Cluster.Tests.Faults;

namespace Orleans.Kms.Cluster.Tests;

/// <summary>A cluster under load, to which everything bad happens, and the judgement on what its clients saw.</summary>
internal static class FailureRun
{
    /// <summary>Does it all. What the processes wrote and the history stay where they are if anything is wrong.</summary>
    public static async Task<RunReport> Run(RunSettings settings, TextWriter output, CancellationToken stop)
    {
        await output.WriteLineAsync($"seed {settings.Seed}");
        var dice = new Dice(settings.Seed);
        await using var loaded = await LoadedCluster.Start(settings.Callers, dice.Fork());
        var misfortune = new Misfortune(loaded.Cluster, loaded.Probe, dice, output);
        await misfortune.Run(settings.Time, stop);
        var report = new RunReport(settings, await loaded.Finish(), loaded.Calls, misfortune.Records, misfortune.Skipped, loaded.Cluster.EndedByThemselves);
        await report.Write(output);
        if (report.IsGood) loaded.Cluster.DidWell();
        return report;
    }
}
