namespace Orleans.Kms.Grains.Quotas;

/// <summary>What this silo may still give out of one limit of an account, and what it and the others are asked for. Safe to use from all threads.</summary>
/// <param name="limit">Calls in a second in the whole cluster.</param>
internal sealed class RateLimit(int limit)
{
    // A silo that has said nothing for so long is asked for nothing, or gone.
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private readonly RateBudget _budget = new(limit);
    private readonly Dictionary<SiloAddress, (double PerSecond, TimeSpan At)> _others = [];
    private long _asked;
    private TimeSpan _told = TimeSpan.MinValue;

    /// <summary>Takes one call; false if there is none left.</summary>
    public bool TryTake(TimeSpan now)
    {
        lock (_lock)
        {
            _asked++;
            return _budget.TryTake(now);
        }
    }

    /// <summary>Whether it is time again to say that calls are refused: once a minute.</summary>
    public bool ShouldTell(TimeSpan now)
    {
        lock (_lock)
        {
            if (_told != TimeSpan.MinValue && now - _told < TimeSpan.FromMinutes(1)) return false;
            _told = now;
            return true;
        }
    }

    /// <summary>What another silo is asked for.</summary>
    public void Hear(SiloAddress silo, double perSecond, TimeSpan now)
    {
        lock (_lock) _others[silo] = (perSecond, now);
    }

    /// <summary>Takes a new share of the limit by what was asked for since the last time, which took so long; gives what that was in a second.</summary>
    public double Settle(TimeSpan passed, TimeSpan now)
    {
        lock (_lock)
        {
            var own = passed > TimeSpan.Zero ? _asked / passed.TotalSeconds : 0;
            _asked = 0;
            foreach (var (silo, heard) in _others)
            {
                if (now - heard.At > Freshness) _others.Remove(silo);
            }
            _budget.PerSecond = RateShare.Of(limit, own, _others.Values.Sum(heard => heard.PerSecond));
            return own;
        }
    }
}
