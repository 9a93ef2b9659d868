using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Kms.Aliases;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Aliases;
using Orleans.Kms.Grains.Keys;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Listing;

/// <summary>Settles the touched rows that crashes left in the index, before the silo serves and then at intervals: the grain says what is true.</summary>
internal sealed partial class IndexRepair(
    KeyIndex keys, AliasIndex aliases, IGrainFactory grains, SiloPass pass, TimeProvider clock, ILogger<IndexRepair> logger) : BackgroundService
{
    private const int BatchSize = 100;
    private const int AtOnce = 8;

    // No call takes this long: a row that is older belongs to a call that has ended.
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // A start does not wait longer for what crashes left; the rest is settled while the silo serves, and lists ask for themselves.
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);

    // Before any hosted service is started, the silo among them: what was touched by then belongs to calls of an earlier process, or of another silo, for which its row waits.
    private readonly DateTimeOffset _begin = clock.GetUtcNow();

    /// <summary>Settles what an earlier process left.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(StartPatience);
        try { await Settle(_begin, _begin - Age, patience.Token); }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested) { LogLate(logger); }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested) { LogNotRepaired(logger, e); }
        await base.StartAsync(cancellationToken);
    }

    /// <summary>
    /// Settles every row that was touched before <paramref name="before"/>; that of a key that is hidden yet, only if before <paramref name="hiddenBefore"/>: it is announced before
    /// the key's grain hears of it, and would be taken from it.
    /// </summary>
    public async Task Settle(DateTimeOffset before, DateTimeOffset hiddenBefore, CancellationToken cancellation = default)
    {
        await SettleAll(skip => keys.Unfinished(before, hiddenBefore, skip, BatchSize), row => row.KeyId.ToString("D"), row => grains.GetGrain<IKeyServiceGrain>(KeyId.GrainKey(row.AccountId, row.KeyId)).Settle(), cancellation);
        await SettleAll(skip => aliases.Unfinished(before, skip, BatchSize), row => row.Name, row => grains.GetGrain<IAliasServiceGrain>(AliasName.GrainKey(row.AccountId, row.Name)).Settle(), cancellation);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var before = clock.GetUtcNow() - Age;
            try { await Settle(before, before, stoppingToken); }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogNotRepaired(logger, e); }
        }
    }

    // Rows that were settled have left the list; those that could not be are passed over until the next round.
    private async Task SettleAll<TRow>(Func<int, Task<List<TRow>>> unfinished, Func<TRow, string> name, Func<TRow, Task<bool>> settle, CancellationToken cancellation)
    {
        var left = 0;
        while (true)
        {
            var rows = await unfinished(left);
            if (rows.Count == 0) return;
            await Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (row, _) =>
            {
                if (!await TrySettle(name(row), () => settle(row))) Interlocked.Increment(ref left);
            });
        }
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

    [LoggerMessage(4, LogLevel.Information, "Much of the index has to be repaired: it goes on while calls are served.")]
    private static partial void LogLate(ILogger logger);
}
