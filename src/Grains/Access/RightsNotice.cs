using Microsoft.Extensions.Logging;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Access;

/// <summary>Tells every silo that what it knows of an account's access keys counts no more.</summary>
internal sealed partial class RightsNotice(RightsServices services, IClusterMembershipService membership, SiloPass pass, ILogger<RightsNotice> logger)
{
    /// <summary>
    /// Makes all silos forget the account's access keys, so that the next call of each asks anew. To be called before a change is made durable, and with readers of the old state held
    /// off until it is.
    /// </summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.ServiceUnavailable"/>: a silo could not be told, so nothing may be changed.</exception>
    public async Task Forget(string accountId)
    {
        pass.Attach();
        try
        {
            // From the table: a silo that has just come may serve before this one hears of it.
            await membership.Refresh();
            await Task.WhenAll(membership.CurrentSnapshot.Members.Values.Where(IsServing).Select(silo => services.Of(silo.SiloAddress).Forget(accountId)));
        }
        catch (Exception e) when (e is TimeoutException or OrleansException or System.Data.Common.DbException)
        {
            LogNotTold(logger, accountId, e.Message);
            throw new KmsException(KmsErrorCode.ServiceUnavailable);
        }
    }

    // One that is shutting down still answers what it was asked before.
    private static bool IsServing(ClusterMember silo) => silo.Status is SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping;

    [LoggerMessage(1, LogLevel.Error, "RAM of account {AccountId} is not changed: a silo could not be told of it ({Reason}). It can be tried again; a silo that is gone is known as such within seconds.")]
    private static partial void LogNotTold(ILogger logger, string accountId, string reason);
}
