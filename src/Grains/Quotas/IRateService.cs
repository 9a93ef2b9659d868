using Orleans.Concurrency;
using Orleans.Services;

namespace Orleans.Kms.Grains.Quotas;

/// <summary>Reaches the <see cref="RateLimits"/> of one silo.</summary>
[Alias("kms.rate-service")]
internal interface IRateService : IGrainService
{
    /// <summary>What another silo is asked for. Nobody waits for it.</summary>
    [Alias("hear"), OneWay]
    Task Hear(SiloAddress silo, IReadOnlyList<RateDemand> demands);
}

/// <summary>What a silo is asked for.</summary>
/// <param name="AccountId">The account that calls.</param>
/// <param name="Class">The kind of calls.</param>
/// <param name="PerSecond">How many in a second, those that it refuses included.</param>
[GenerateSerializer, Immutable, Alias("kms.rate-demand")]
internal sealed record RateDemand([property: Id(0)] string AccountId, [property: Id(1)] RateClass Class, [property: Id(2)] double PerSecond);
