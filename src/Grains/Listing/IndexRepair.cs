using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Keys;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Listing;

/// <summary>Settles the hidden rows that crashes left in the index, at start and then at intervals: the grain says whether the key was made.</summary>
internal sealed partial class IndexRepair(KeyIndex index, IGrainFactory grains, SiloPass pass, TimeProvider clock, ILogger<IndexRepair> logger) : BackgroundService
{
    private const int BatchSize = 100;

    // No call takes this long: a row that is older belongs to a call that has ended.
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Settles every row that was announced before <paramref name="before"/>.</summary>
    public async Task Settle(DateTimeOffset before)
    {
        while (true)
        {
            var rows = await index.Unfinished(before, BatchSize);
            var settled = 0;
            foreach (var (accountId, keyId) in rows) settled += await TrySettle(accountId, keyId) ? 1 : 0;
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

    // One key that cannot be read must not keep the others hidden.
    private async Task<bool> TrySettle(string accountId, Guid keyId)
    {
        try
        {
            pass.Attach();
            if (await grains.GetGrain<IKeyBirthGrain>(KeyId.GrainKey(accountId, keyId)).Exists()) await index.Show(accountId, keyId);
            else await index.Withdraw(accountId, keyId);
            LogSettled(logger, keyId);
            return true;
        }
        catch (Exception e)
        {
            LogNotSettled(logger, keyId, e);
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The index row of key {KeyId} was settled after an interrupted call.")]
    private static partial void LogSettled(ILogger logger, Guid keyId);

    [LoggerMessage(3, LogLevel.Warning, "The index row of key {KeyId} could not be settled now.")]
    private static partial void LogNotSettled(ILogger logger, Guid keyId, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "The key index could not be repaired now; the next round will try again.")]
    private static partial void LogNotRepaired(ILogger logger, Exception exception);
}
