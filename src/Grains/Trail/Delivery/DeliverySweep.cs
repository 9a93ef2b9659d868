using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Kms.Grains.Access;

namespace Orleans.Kms.Grains.Trail.Delivery;

/// <summary>Has the deliveries look for something to do every few seconds. Each silo does: which of them delivers is where the grain is.</summary>
internal sealed partial class DeliverySweep(
    DbDataSource database, IGrainFactory grains, SiloPass pass, IOptions<KmsOptions> options, TimeProvider clock, ILogger<DeliverySweep> logger) : BackgroundService
{
    private const int MaxSeconds = 5;

    private readonly ConcurrentDictionary<string, Task> _running = new();
    private readonly ConcurrentDictionary<string, bool> _interrupted = new();
    private bool _isBlind;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(Math.Min(MaxSeconds, options.Value.Trail.DeliverySeconds)), clock);
        do
        {
            try
            {
                foreach (var id in await Find()) Wake(id);
                _isBlind = false;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                if (!_isBlind) LogNotSwept(logger, e);
                _isBlind = true;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private Task<List<string>> Find() => Task.Run(() =>
    {
        using var connection = database.OpenConnection();
        using var command = connection.CreateCommand();
        return DeliveryTable.List(command);
    });

    // One that hangs in its bucket keeps nobody else waiting.
    private void Wake(string id)
    {
        if (!_running.TryGetValue(id, out var call) || call.IsCompleted) _running[id] = Deliver(id);
    }

    private async Task Deliver(string id)
    {
        try
        {
            pass.Attach();
            await grains.GetGrain<ITrailDeliveryGrain>(id).Deliver();
            _interrupted.TryRemove(id, out _);
        }
        // It goes on.
        catch (TimeoutException) { }
        catch (Exception e)
        {
            // Once for each outage: the rounds are many.
            if (_interrupted.TryAdd(id, true)) LogNotDelivered(logger, id, e);
        }
        finally { _running.TryRemove(id, out _); }
    }

    [LoggerMessage(1, LogLevel.Warning, "Deliveries of trails could not be looked for now; every round tries again.")]
    private static partial void LogNotSwept(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "Delivery {DeliveryId} was interrupted; every round tries again.")]
    private static partial void LogNotDelivered(ILogger logger, string deliveryId, Exception exception);
}
