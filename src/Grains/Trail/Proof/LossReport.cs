using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Grains.Trail.Proof;

/// <summary>
/// Before the first event: if the end of a chain is lost, the writer begins a new chain, whose first event tells so. What goes on from an older copy could not be told from what was
/// there before, and would put evidence aside.
/// </summary>
internal sealed partial class LossReport(
    KeptAnchors anchors, TrailDatabase trail, DbDataSource accounts, TrailWriter writer, EventMaker events, IOptions<KmsOptions> options, TimeProvider clock, ILogger<LossReport> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>The name of the event.</summary>
    public const string EventName = "TrailRolledBack";

    // No grain of ours runs yet.
    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(LossReport), ServiceLifecycleStage.RuntimeInitialize, _ => Run());

    private async Task Run()
    {
        var losses = LossSearch.Find(trail.Source, options.Value.Trail.WriterName, anchors.Found);
        if (losses.Count == 0) return;
        foreach (var loss in losses) LogLost(logger, loss.ChainId, loss.HasEvents, loss.HadEvents, loss.SignedAt);
        // The new chain's begin is what says that the loss is known of: from then on these events are recorded, whatever becomes of this process.
        var accountIds = Accounts();
        var drafts = (from loss in losses from accountId in accountIds select ChangeDraft.Of(Event(loss, accountId))).ToList();
        await writer.BeginChain([.. drafts.Select(draft => new TrailIntent(draft.Event(), nameof(LossReport), draft.Time, Clears: false, TookPlace: true))]);
        foreach (var draft in drafts) await writer.Record(draft.Event());
    }

    private TrailEvent Event(TrailLoss loss, string accountId)
    {
        var now = clock.GetUtcNow();
        return events.OfService(EventName, accountId, now, Guid.CreateVersion7(now), [("ACS::ActionTrail::Chain", loss.ChainId.ToString("D"))],
        [
            ("LastEventInDatabase", loss.HasEvents.ToString(CultureInfo.InvariantCulture)), ("LastEventSigned", loss.HadEvents.ToString(CultureInfo.InvariantCulture)),
            ("SignedAt", loss.SignedAt.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)),
        ]);
    }

    // Each account hears of it, for the events of all are in one chain; the service's own has it whatever accounts there are.
    private List<string> Accounts()
    {
        using var connection = accounts.OpenConnection();
        using var command = connection.CreateCommand();
        return [TrailKey.AccountId, .. command.Sql("SELECT DISTINCT account_id FROM kms_ram_access_key").Rows(row => row.GetString(0))];
    }

    [LoggerMessage(1, LogLevel.Error,
        "The database is older than the trail was: of chain {ChainId} it has events up to {Has}, and up to {Had} were signed by {SignedAt:O}. It was removed, put back to an older copy, or altered. A new chain is begun.")]
    private static partial void LogLost(ILogger logger, Guid chainId, long has, long had, DateTimeOffset signedAt);
}
