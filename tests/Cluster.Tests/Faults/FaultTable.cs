using Orleans.Kms.Cluster.Tests.Processes;

namespace Orleans.Kms.Cluster.Tests.Faults;

/// <summary>All faults.</summary>
internal static class FaultTable
{
    // Silos of which nothing is heard are taken for dead after 9 to 15 s: some come back just before that, some after it while calls still wait for them, some when everybody has forgotten them.
    private static readonly (TimeSpan, TimeSpan) AboutDeath = (TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(20));
    private static readonly (TimeSpan, TimeSpan) Brief = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
    private static readonly TimeSpan ClockStep = TimeSpan.FromSeconds(45);

    private static readonly Func<TestCluster, string?> NeedsNamespaces = cluster => cluster.Network.CanSplit ? null : "network namespaces need root";

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("kill -9 of a silo", (cluster, n) => Silo(cluster, n).Kill(), (cluster, _) => cluster.Restore()) { Promise = TimeSpan.FromSeconds(10) },
        new("kill -9 of all silos", (cluster, _) => Task.WhenAll(cluster.Silos.Select(silo => silo.Kill())), (cluster, _) => cluster.Restore()) { Lasting = Brief, IsOutage = true },
        new("kill -9 of a gateway", (cluster, n) => Gateway(cluster, n).Kill(), (cluster, _) => cluster.Restore()) { Lasting = Brief },
        new("kill -9 of PostgreSQL", (cluster, _) => cluster.Database.Kill(), (cluster, _) => cluster.Database.Start()) { Lasting = Brief, IsOutage = true },
        new("a silo's token removed", (cluster, n) => TakeToken(cluster, n), (cluster, n) => ReturnToken(cluster, n)) { IsOutage = true },
        new("a silo's clock put ahead", (cluster, n) => PutClock(cluster, n, ClockStep), (cluster, n) => PutClock(cluster, n, TimeSpan.Zero)),
        new("a silo's clock put back", (cluster, n) => PutClock(cluster, n, -ClockStep), (cluster, n) => PutClock(cluster, n, TimeSpan.Zero)),
        new("SIGSTOP of a silo, then SIGCONT", (cluster, n) => Silo(cluster, n).Signal("STOP"), (cluster, n) => Continue(cluster, n)) { Lasting = AboutDeath },
        new("a silo cut off from everything", (cluster, n) => cluster.Network.Cut(Number(cluster, n)), (cluster, n) => Mend(cluster, cluster.Network.Mend(Number(cluster, n)))) { Lasting = AboutDeath, Hindrance = NeedsNamespaces },
        new("a silo cut off from the other silos", (cluster, n) => cluster.Network.Part(Number(cluster, n)), (cluster, n) => Mend(cluster, cluster.Network.Unite(Number(cluster, n)))) { Lasting = AboutDeath, Hindrance = NeedsNamespaces },
        new("rolling restart", (_, _) => Task.CompletedTask, (cluster, _) => Roll(cluster)) { Lasting = (TimeSpan.Zero, TimeSpan.Zero) },
    ];

    private static ServerProcess Silo(TestCluster cluster, int n) => cluster.Silos[n % cluster.Silos.Count];

    private static ServerProcess Gateway(TestCluster cluster, int n) => cluster.Gateways[n % cluster.Gateways.Count];

    private static int Number(TestCluster cluster, int n) => (n % cluster.Silos.Count) + 1;

    private static Task TakeToken(TestCluster cluster, int n) => Move(cluster.TokenOf(n % cluster.Silos.Count), cluster.TokenOf(n % cluster.Silos.Count) + ".gone");

    private static Task ReturnToken(TestCluster cluster, int n) => Move(cluster.TokenOf(n % cluster.Silos.Count) + ".gone", cluster.TokenOf(n % cluster.Silos.Count));

    private static Task Move(string from, string to)
    {
        Directory.Move(from, to);
        return Task.CompletedTask;
    }

    private static Task PutClock(TestCluster cluster, int n, TimeSpan ahead)
    {
        cluster.Clocks[Silo(cluster, n)].Put(ahead);
        return Task.CompletedTask;
    }

    // A silo that others have taken for dead ends when it hears of that, sooner or later; whoever watches over it starts it again.
    private static async Task Continue(TestCluster cluster, int n)
    {
        await Silo(cluster, n).Signal("CONT");
        await cluster.Restore();
    }

    private static async Task Mend(TestCluster cluster, Task mending)
    {
        await mending;
        await cluster.Restore();
    }

    private static async Task Roll(TestCluster cluster)
    {
        foreach (var process in cluster.Silos.Concat(cluster.Gateways))
        {
            await process.Stop();
            process.Launch();
            await cluster.Restore();
        }
    }
}
