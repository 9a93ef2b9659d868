using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Access;

/// <summary>Tells every silo that what it knows of an account's identities counts no more.</summary>
internal sealed class RightsNotice(RightsCache cache)
{
    /// <summary>
    /// Makes all silos forget the account's identities, so that the next call of each asks anew. To be called before a change is made durable, and with readers of the old state held
    /// off until it is.
    /// </summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.ServiceUnavailable"/>: a silo could not be told, so nothing may be changed.</exception>
    public Task Forget(string accountId)
    {
        cache.Forget(accountId);
        return Task.CompletedTask;
    }
}
