using Orleans.Kms.Cluster.Tests.Processes;

namespace Orleans.Kms.Cluster.Tests.Faults;

/// <summary>Something bad that happens to a cluster, and goes by.</summary>
/// <param name="Name">What it is called in reports.</param>
/// <param name="Strike">Makes it happen to a silo or a gateway, by a number from 0 on.</param>
/// <param name="Heal">Ends it.</param>
internal sealed record Fault(string Name, Func<TestCluster, int, Task> Strike, Func<TestCluster, int, Task> Heal)
{
    /// <summary>How long it lasts, at least and at most.</summary>
    public (TimeSpan Least, TimeSpan Most) Lasting { get; init; } = (TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));

    /// <summary>Whether the service cannot be expected to serve before it is healed: then the time until it serves again counts from there.</summary>
    public bool IsOutage { get; init; }

    /// <summary>How soon the service has to serve all keys again; null if nothing is promised.</summary>
    public TimeSpan? Promise { get; init; }

    /// <summary>Why it cannot be made to happen here; null if it can.</summary>
    public Func<TestCluster, string?> Hindrance { get; init; } = _ => null;
}
