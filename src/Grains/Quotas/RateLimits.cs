using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Kms.Access;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Quotas;

/// <summary>The limits on calls in a second, by account, as far as this silo gives them out. Only callers that were authenticated get here, so accounts do not grow without bound.</summary>
internal sealed partial class RateLimits(IOptions<KmsOptions> options, RateMetrics metrics, TimeProvider clock, ILogger<RateLimits> logger)
{
    private readonly ConcurrentDictionary<string, RateLimit?[]> _accounts = new();
    private readonly long _begun = clock.GetTimestamp();

    /// <summary>Whether there are any limits at all.</summary>
    public bool IsOn { get; } = RateQuota.HasAny(options.Value.Quotas);

    /// <summary>Counts a call.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.Throttled"/>: the account is over its limit.</exception>
    public void Require(string accountId, ActionAttribute action, RateClass @class)
    {
        if (!IsOn || Of(accountId)[(int)@class] is not { } limit || limit.TryTake(Now)) return;
        metrics.Refused(action.RamName, @class);
        if (limit.ShouldTell(Now)) LogRefused(logger, accountId, @class, RateQuota.Of(options.Value.Quotas, accountId, @class)!.Value);
        throw new KmsException(KmsErrorCode.Throttled);
    }

    /// <summary>Takes a new share of every limit, and gives what this silo was asked for in a second.</summary>
    /// <param name="passed">How long ago that was done last.</param>
    public IReadOnlyList<RateDemand> Settle(TimeSpan passed)
    {
        var demands = new List<RateDemand>();
        foreach (var (accountId, limits) in _accounts)
        {
            for (var i = 0; i < limits.Length; i++)
            {
                if (limits[i]?.Settle(passed, Now) is > 0 and var own) demands.Add(new(accountId, (RateClass)i, own));
            }
        }
        return demands;
    }

    /// <summary>What another silo is asked for.</summary>
    public void Hear(SiloAddress silo, IReadOnlyList<RateDemand> demands)
    {
        foreach (var demand in demands) Of(demand.AccountId)[(int)demand.Class]?.Hear(silo, demand.PerSecond, Now);
    }

    private TimeSpan Now => clock.GetElapsedTime(_begun);

    private RateLimit?[] Of(string accountId) => _accounts.GetOrAdd(accountId, static (id, quotas) => Made(id, quotas), options.Value.Quotas);

    private static RateLimit?[] Made(string accountId, QuotaOptions quotas) =>
        [.. Enum.GetValues<RateClass>().Select(@class => RateQuota.Of(quotas, accountId, @class) is { } perSecond ? new RateLimit(perSecond) : null)];

    [LoggerMessage(1, LogLevel.Warning, "Account {AccountId} is over its limit of calls of class {Class}, {Limit} a second: those above it are refused.")]
    private static partial void LogRefused(ILogger logger, string accountId, RateClass @class, int limit);
}
