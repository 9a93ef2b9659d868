using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Kms.Grains.Access;

namespace Orleans.Kms.Grains.Trail;

/// <summary>
/// Settles the intents that are left of changes: at start those of an earlier process, later those of calls that failed half way. Each grain tells whether the change took place.
/// </summary>
internal sealed partial class IntentRecovery(
    TrailReader trail, Changes changes, IGrainFactory grains, SiloPass pass, TimeProvider clock, ILogger<IntentRecovery> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private int _unreadable;

    /// <summary>
    /// Settles the intents that were written before that time, none of whose calls is under way any more. Those whose grains cannot tell now, or all if the trail cannot be read, stay for the
    /// next round.
    /// </summary>
    public async Task Run(DateTimeOffset begunBefore)
    {
        try
        {
            var (left, unreadable) = await trail.Intents(begunBefore);
            if (unreadable.Count > _unreadable) LogUnreadable(logger, unreadable.Count);
            _unreadable = unreadable.Count;
            await Settle(left);
        }
        catch (Exception e) { LogNotRead(logger, e); }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await Run(clock.GetUtcNow() - Changes.LongestCall);
    }

    private async Task Settle(IReadOnlyList<TrailIntent> intents)
    {
        var settled = 0;
        foreach (var left in intents)
        {
            try
            {
                await changes.SettleLeft(left, left.TookPlace || await Grain(left.Grain).TookPlace(left.Event.Change!.Value, left.Clears));
                settled++;
            }
            catch (Exception e) { LogNotSettled(logger, left.Grain, left.Event.Id, e); }
        }
        if (settled > 0) LogSettled(logger, settled);
    }

    private IChangingGrain Grain(string id)
    {
        pass.Attach();
        return grains.GetGrain<IChangingGrain>(GrainId.Parse(id));
    }

    [LoggerMessage(1, LogLevel.Information, "{Count} changes that an earlier process or failed calls left were settled with the trail.")]
    private static partial void LogSettled(ILogger logger, int count);

    [LoggerMessage(2, LogLevel.Warning, "Whether {Grain} made the change of event {EventId} could not be found out now; the next round will try again.")]
    private static partial void LogNotSettled(ILogger logger, string grain, Guid eventId, Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "What is left of changes could not be read from the trail now; the next round will try again.")]
    private static partial void LogNotRead(ILogger logger, Exception exception);

    [LoggerMessage(4, LogLevel.Error, "What is left of {Count} changes was written by a newer version, or altered: it stays in the trail's database, and whether they took place is not recorded.")]
    private static partial void LogUnreadable(ILogger logger, int count);
}
