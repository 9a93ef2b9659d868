using Orleans.Kms.Cluster.Tests.Checking;
using Orleans.Kms.Cluster.Tests.Clients;
using Orleans.Kms.Cluster.Tests.Faults;
using Orleans.Kms.Cluster.Tests.History;
using Orleans.Kms.Cluster.Tests.Processes;

namespace Orleans.Kms.Cluster.Tests;

/// <summary>A cluster under load whose clients record everything.</summary>
internal sealed class LoadedCluster : IAsyncDisposable
{
    // Longer than a silo may take to answer.
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);
    private readonly Recorder _recorder = new();
    private readonly Ledger _ledger = new();
    private readonly CancellationTokenSource _end = new();
    private readonly DateTimeOffset _begin;
    private readonly KmsClient _patient;
    private readonly KmsClient _probing;
    private Task _load = Task.CompletedTask;

    private LoadedCluster(TestCluster cluster)
    {
        Cluster = cluster;
        _begin = cluster.Time.GetUtcNow();
        (_patient, _probing) = (ClientOf(0), cluster.Client(0, ProbeTimeout));
        Probe = new(_patient, _probing, _recorder);
    }

    public TestCluster Cluster { get; }

    public Probe Probe { get; }

    /// <summary>Everything so far.</summary>
    public IReadOnlyCollection<Call> Calls => _recorder.Calls;

    /// <summary>Starts a cluster, and so many callers.</summary>
    public static async Task<LoadedCluster> Start(int callers, Dice dice)
    {
        var loaded = new LoadedCluster(await TestCluster.Start(new()));
        try
        {
            await loaded.Probe.Spread();
            var workload = new Workload(loaded.ClientOf, loaded._recorder, loaded._ledger, dice);
            await workload.Prepare();
            loaded._load = workload.Run(callers, loaded._end.Token);
            return loaded;
        }
        catch
        {
            await loaded.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the load, reads everything, and judges.</summary>
    public async Task<IReadOnlyList<Violation>> Finish()
    {
        await EndLoad();
        await Cluster.Restore();
        await new FinalReading(ClientOf, _recorder, _ledger).Run();
        var events = await new EventReading(ClientOf).Run(_begin, Cluster.Time.GetUtcNow());
        var firstPhases = _ledger.SharedKeys.ToDictionary(key => key.Id, key => key.Import is null ? KeyPhase.Enabled : KeyPhase.PendingImport);
        return [.. _ledger.Found, .. Judgement.Of(Calls, firstPhases, events)];
    }

    /// <summary>Ends the load.</summary>
    public async Task EndLoad()
    {
        await _end.CancelAsync();
        await _load;
    }

    public async ValueTask DisposeAsync()
    {
        await EndLoad();
        await _recorder.Write(Path.Combine(Cluster.Folder, "logs", "history.jsonl"));
        _patient.Dispose();
        _probing.Dispose();
        _end.Dispose();
        await Cluster.DisposeAsync();
    }

    private KmsClient ClientOf(int number) => Cluster.Client(number, CallTimeout);
}
