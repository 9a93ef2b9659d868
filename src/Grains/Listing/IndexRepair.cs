using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Kms.Aliases;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Aliases;
using Orleans.Kms.Grains.Keys;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Listing;

/// <summary>Settles the touched rows that crashes left in the index, at start and then at intervals: the grain says what is true.</summary>
internal sealed partial class IndexRepair(
    KeyIndex keys, AliasIndex aliases, IGrainFactory grains, SiloPass pass, TimeProvider clock, ILogger<IndexRepair> logger) : BackgroundService
{
    private const int BatchSize = 100;

    // No call takes this long: a row that is older belongs to a call that has ended.
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Settles every row that was touched before <paramref name="before"/>.</summary>
    public async Task Settle(DateTimeOffset before)
    {
        while (true)
        {
            var rows = await keys.Unfinished(before, BatchSize);
            var settled = 0;
            foreach (var (account, id) in rows) settled += await TrySettle(id.ToString("D"), () => grains.GetGrain<IKeyServiceGrain>(KeyId.GrainKey(account, id)).Settle()) ? 1 : 0;
            var names = await aliases.Unfinished(before, BatchSize);
            foreach (var (account, name) in names) settled += await TrySettle(name, () => grains.GetGrain<IAliasServiceGrain>(AliasName.GrainKey(account, name)).Settle()) ? 1 : 0;
            // What is left cannot be settled now.
            if (settled == 0) return;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                await Settle(clock.GetUtcNow() - Age);
            }
            catch (Exception e)
            {
                LogNotRepaired(logger, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // One grain that cannot be read must not keep the others out of date.
    private async Task<bool> TrySettle(string name, Func<Task<bool>> settle)
    {
        try
        {
            pass.Attach();
            await settle();
            LogSettled(logger, name);
            return true;
        }
        catch (Exception e)
        {
            LogNotSettled(logger, name, e);
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Debug, "The index row of {Name} was settled.")]
    private static partial void LogSettled(ILogger logger, string name);

    [LoggerMessage(3, LogLevel.Warning, "The index row of {Name} could not be settled now.")]
    private static partial void LogNotSettled(ILogger logger, string name, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "The index could not be repaired now; the next round will try again.")]
    private static partial void LogNotRepaired(ILogger logger, Exception exception);
}
