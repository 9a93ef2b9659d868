using System.Collections.Concurrent;
using Orleans.Kms.Cluster.Tests.Checking;

namespace Orleans.Kms.Cluster.Tests.Clients;

/// <summary>What the callers made and have to find again.</summary>
internal sealed class Ledger
{
    /// <summary>The keys of all callers, spent ones among them.</summary>
    public ConcurrentQueue<SharedKey> SharedKeys { get; } = new();

    /// <summary>Keys of one caller each.</summary>
    public ConcurrentQueue<string> OwnKeys { get; } = new();

    /// <summary>Names of aliases that were tried to be made.</summary>
    public ConcurrentQueue<string> Aliases { get; } = new();

    /// <summary>Everything that was encrypted and answered.</summary>
    public ConcurrentQueue<Secret> Secrets { get; } = new();

    /// <summary>What was found wrong at once.</summary>
    public ConcurrentQueue<Violation> Found { get; } = new();
}
