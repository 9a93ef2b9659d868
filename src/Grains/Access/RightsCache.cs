using System.Collections.Concurrent;

namespace Orleans.Kms.Grains.Access;

/// <summary>What this silo knows of the identities that call.</summary>
internal sealed class RightsCache
{
    private readonly ConcurrentDictionary<string, string> _accounts = new();

    /// <summary>Forgets what is known of an account's identities.</summary>
    public void Forget(string accountId) => _accounts.TryRemove(accountId, out _);
}
