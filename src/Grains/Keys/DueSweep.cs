using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Listing;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Keys;

/// <summary>
/// Wakes the keys to which something is overdue, at start and then every minute: reminders that fall due while no silo runs are not made up for, and some get lost when
/// silos are restarted one after the other.
/// </summary>
internal sealed partial class DueSweep(
    KeyIndex index, IGrainFactory grains, SiloPass pass, KeyMetrics metrics, TimeProvider clock, ILogger<DueSweep> logger) : BackgroundService
{
    private const int BatchSize = 100;
    private const int AtOnce = 8;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Wakes every key that is overdue now, the longest overdue first.</summary>
    public async Task Run(CancellationToken cancellation = default)
    {
        var failed = 0;
        while (true)
        {
            // Keys that were served have left the list; those that could not be are passed over until the next round. The time is asked for each batch: the keys ask it too, and
            // of a clock that was put back meanwhile nothing is due any more.
            var rows = await index.Overdue(clock.GetUtcNow(), failed, BatchSize);
            if (rows.Count == 0) break;
            await Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (row, _) =>
            {
                if (!await TryRun(row.AccountId, row.KeyId)) Interlocked.Increment(ref failed);
            });
        }
        var (count, since) = await index.OverdueSince(clock.GetUtcNow());
        metrics.Swept(count, since);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try { await Run(stoppingToken); }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogNotSwept(logger, e); }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<bool> TryRun(string accountId, Guid keyId)
    {
        try
        {
            pass.Attach();
            await grains.GetGrain<IKeyServiceGrain>(KeyId.GrainKey(accountId, keyId)).RunDue();
            return true;
        }
        catch (Exception e)
        {
            metrics.DueFailed();
            LogNotRun(logger, keyId, e);
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "What is due to key {KeyId} could not be done now; the next round will try again.")]
    private static partial void LogNotRun(ILogger logger, Guid keyId, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "Overdue keys could not be looked for now; the next round will try again.")]
    private static partial void LogNotSwept(ILogger logger, Exception exception);
}
