using System.Collections.Concurrent;

namespace Orleans.Kms.Cluster.Tests.Clients;

/// <summary>Where the service is, as a load balancer knows it. Thread safe.</summary>
internal sealed class Gateways
{
    private readonly ConcurrentDictionary<int, Uri> _all = [];
    private volatile int _out = -1;

    public void Add(Uri gateway) => _all[_all.Count] = gateway;

    public Uri this[int number] => _all[number];

    /// <summary>Sends nobody to a gateway any more.</summary>
    public void TakeOut(int number) => _out = number;

    /// <summary>Uses all of them again.</summary>
    public void TakeIn() => _out = -1;

    /// <summary>The one with that number, counted round, or the next one if it is taken out.</summary>
    public int From(int number) => number % _all.Count == _out ? (number + 1) % _all.Count : number % _all.Count;
}
