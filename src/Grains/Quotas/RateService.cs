using Microsoft.Extensions.Logging;
using Orleans.Runtime.Services;

namespace Orleans.Kms.Grains.Quotas;

/// <summary>One on each silo.</summary>
internal sealed class RateService(GrainId id, Orleans.Runtime.Silo silo, ILoggerFactory loggers, RateLimits limits) : GrainService(id, silo, loggers), IRateService
{
    public Task Hear(SiloAddress silo, IReadOnlyList<RateDemand> demands)
    {
        limits.Hear(silo, demands);
        return Task.CompletedTask;
    }
}

/// <summary>Finds the <see cref="RateService"/> of a silo.</summary>
internal sealed class RateServices(IServiceProvider services) : GrainServiceClient<IRateService>(services)
{
    /// <summary>The service of that silo.</summary>
    public IRateService Of(SiloAddress silo) => GetGrainService(silo);
}
