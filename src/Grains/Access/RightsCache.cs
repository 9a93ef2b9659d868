namespace Orleans.Kms.Grains.Access;

/// <summary>What this silo knows of the identities that call.</summary>
internal sealed class RightsCache
{
    /// <summary>Forgets what is known of an account's identities.</summary>
    public void Forget(string accountId) => ArgumentNullException.ThrowIfNull(accountId);
}
