using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Kms.Grains.Access;

namespace Orleans.Kms.Grains.Quotas;

/// <summary>Has silos share the limits on calls: every second each tells the others what it is asked for. No call waits for it.</summary>
internal sealed partial class RateExchange(
    RateLimits limits, RateServices services, IClusterMembershipService membership, ILocalSiloDetails self, SiloPass pass, TimeProvider clock, ILogger<RateExchange> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private long _settled = clock.GetTimestamp();

    /// <summary>Takes new shares and tells the others.</summary>
    public async Task Run()
    {
        var now = clock.GetTimestamp();
        var demands = limits.Settle(clock.GetElapsedTime(_settled, now));
        _settled = now;
        if (demands.Count == 0) return;
        pass.Attach();
        foreach (var silo in membership.CurrentSnapshot.Members.Values)
        {
            if (silo.Status != SiloStatus.Active || silo.SiloAddress.Equals(self.SiloAddress)) continue;
            try { await services.Of(silo.SiloAddress).Hear(self.SiloAddress, demands); }
            // What does not arrive is made up for in a second.
            catch (Exception e) when (e is OrleansException or TimeoutException) { LogNotTold(logger, silo.SiloAddress, e.GetType().Name); }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!limits.IsOn) return;
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await Run();
    }

    [LoggerMessage(1, LogLevel.Debug, "Silo {Silo} was not told what this one is asked for: {Reason}")]
    private static partial void LogNotTold(ILogger logger, SiloAddress silo, string reason);
}
