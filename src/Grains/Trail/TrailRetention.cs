using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Orleans.Kms.Grains.Trail;

/// <summary>Removes events that are older than they are kept, at start and then every minute, a few at a time between the writer's own blocks.</summary>
internal sealed partial class TrailRetention(
    TrailDatabase database, TrailReader reader, TrailWriter writer, IOptions<KmsOptions> options, TimeProvider clock, ILogger<TrailRetention> logger) : BackgroundService
{
    // What one transaction removes. A segment is removed as a whole.
    private const int BlocksAtOnce = 64;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Removes everything that is too old now.</summary>
    public async Task Run(CancellationToken cancellation = default)
    {
        var before = clock.GetUtcNow() - TimeSpan.FromDays(options.Value.Trail.RetentionDays);
        foreach (var chain in await reader.Chains())
        {
            while (!cancellation.IsCancellationRequested && await Find(chain.Chain, before) is { Count: > 0 } old) await Remove(old);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try { await Run(stoppingToken); }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogNotRemoved(logger, e); }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private Task<List<OldSegment>> Find(int chain, DateTimeOffset before) => Task.Run(() =>
    {
        using var connection = database.Source.OpenConnection();
        using var command = connection.CreateCommand();
        return OldSegments.Find(command, chain, before);
    });

    private async Task Remove(List<OldSegment> old)
    {
        for (var begin = 0; begin < old.Count;)
        {
            var end = begin + 1;
            while (end < old.Count && old[end].Last - old[begin].Number < BlocksAtOnce) end++;
            var some = old[begin..end];
            await writer.Execute(command =>
            {
                foreach (var segment in some) OldSegments.Remove(command, segment);
            });
            begin = end;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Old events of the trail could not be removed now; the next round will try again.")]
    private static partial void LogNotRemoved(ILogger logger, Exception exception);
}
