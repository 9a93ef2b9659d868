using System.Collections.Concurrent;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Ram;

/// <summary>How many sessions an account's callers open: 100 a second on each silo, as the API documents it for an account.</summary>
internal sealed class AssumptionRate(TimeProvider clock)
{
    private const int PerSecond = 100;

    private readonly ConcurrentDictionary<string, (long Second, int Count)> _accounts = new();

    /// <summary>Counts a session.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.UserThrottled"/>.</exception>
    public void Take(string accountId)
    {
        var second = clock.GetUtcNow().ToUnixTimeSeconds();
        var taken = _accounts.AddOrUpdate(accountId, (second, 1), (_, known) => known.Second == second ? (second, known.Count + 1) : (second, 1));
        if (taken.Count > PerSecond) throw new KmsException(KmsErrorCode.UserThrottled);
    }
}
