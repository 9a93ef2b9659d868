using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Kms.Grains.Ram.Policies;

namespace Orleans.Kms.Grains.Access;

/// <summary>Counts failed authentications by source address, over all access keys of this silo. An IPv6 network of 64 bits is one source: its holder has all addresses in it.</summary>
internal sealed partial class FailedSources(IOptions<KmsOptions> options, ILogger<FailedSources> logger)
{
    // Some MB. Beyond it sources that have been quiet are dropped, and if there are none, all: an attacker with so many addresses is not held up by this.
    private const int MaxSources = 65536;

    private readonly Dictionary<UInt128, FailureBudget> _sources = [];
    private readonly Lock _lock = new();

    /// <summary>Whether requests of that source are refused for now.</summary>
    public bool IsBlocked(string source, DateTimeOffset now)
    {
        lock (_lock) return _sources.TryGetValue(Network(source), out var budget) && budget.IsSpent(now);
    }

    /// <summary>Counts a failure.</summary>
    public void Count(string source, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_sources.Count >= MaxSources) Tidy(now);
            var network = Network(source);
            if (!_sources.TryGetValue(network, out var budget)) _sources[network] = budget = new(options.Value.Authentication.FailuresPerSource);
            if (budget.Spend(now)) LogBlocked(logger, source, options.Value.Authentication.FailuresPerSource);
        }
    }

    private void Tidy(DateTimeOffset now)
    {
        foreach (var (network, budget) in _sources)
        {
            if (budget.IsWhole(now)) _sources.Remove(network);
        }
        if (_sources.Count >= MaxSources) _sources.Clear();
    }

    private static UInt128 Network(string source)
    {
        var address = SourceAddress.Parse(source) ?? 0;
        // IPv4 is the mapped part of IPv6, whole addresses.
        return address >> 32 == 0xFFFF ? address : address >> 64 << 64;
    }

    [LoggerMessage(1, LogLevel.Warning, "Requests from {Source} are refused for a while: {Limit} in a minute failed authentication.")]
    private static partial void LogBlocked(ILogger logger, string source, int limit);
}
