using Microsoft.Extensions.Logging;
using Orleans.Runtime.Services;

namespace Orleans.Kms.Grains.Access;

/// <summary>One on each silo.</summary>
internal sealed class RightsService(GrainId id, Orleans.Runtime.Silo silo, ILoggerFactory loggers, RightsCache cache) : GrainService(id, silo, loggers), IRightsService
{
    public Task Forget(string accountId)
    {
        cache.Forget(accountId);
        return Task.CompletedTask;
    }
}

/// <summary>Finds the <see cref="RightsService"/> of a silo.</summary>
internal sealed class RightsServices(IServiceProvider services) : GrainServiceClient<IRightsService>(services)
{
    /// <summary>The service of that silo.</summary>
    public IRightsService Of(SiloAddress silo) => GetGrainService(silo);
}
