using System.Data.Common;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Silo.Admin;

/// <summary>
/// Takes what operators did with kms-admin, beside the service or while it did not run, into the trail: an event of each record for each account, for the root keys are those of all.
/// </summary>
internal sealed partial class AdminEvents(
    DbDataSource database, BatchWriter writer, TrailReader reader, TrailWriter trail, EventMaker events, ISiloStatusOracle silos, TimeProvider clock, ILogger<AdminEvents> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    // No command runs as long as this: one that has not ended by then was killed.
    private static readonly TimeSpan LongestCommand = TimeSpan.FromHours(24);

    /// <summary>Records what is not in the trail yet, and has ended.</summary>
    public async Task Run()
    {
        // One silo is enough. Two that took each other for gone might each record an event, as either alone does once.
        if (silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Min() is { } first && !first.Equals(silos.SiloAddress)) return;
        // What was done before there were accounts is told to the first ones.
        if (await Accounts() is not { Count: > 0 } accounts) return;
        foreach (var record in await writer.Execute(command => AdminRecords.TakeUnrecorded(command, clock.GetUtcNow() - LongestCommand)))
        {
            foreach (var accountId in accounts) await Record(record, accountId);
            await writer.Execute(command => AdminRecords.SetRecorded(command, record.Id));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try { await Run(); }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogNotRecorded(logger, e); }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // The process may have died after an event and before it was noted: the event's id, which was chosen before, tells.
    private async Task Record(UnrecordedAdminRecord record, string accountId)
    {
        var time = record.Record.BegunAt;
        var found = await reader.Lookup(AccountNumber.Of(accountId), new(time.AddSeconds(-1), time.AddSeconds(1), true, [(TrailField.EventId, record.EventId.ToString())]), null, 1);
        if (found.Events.Count > 0) return;
        var what = record.Record.What;
        await trail.Record(events.OfOperator(what.Command, accountId, time, record.EventId, what.Operator, what.Detail, what.RootKeyVersion, record.Record.Outcome));
    }

    private Task<List<string>> Accounts() => Task.Run(() =>
    {
        using var connection = database.OpenConnection();
        using var command = connection.CreateCommand();
        return command.Sql("SELECT DISTINCT account_id FROM kms_ram_access_key").Rows(row => row.GetString(0));
    });

    [LoggerMessage(1, LogLevel.Warning, "What was done with kms-admin could not be taken into the trail now; it will be tried again.")]
    private static partial void LogNotRecorded(ILogger logger, Exception exception);
}
