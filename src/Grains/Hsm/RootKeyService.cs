using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Import;
using Orleans.Runtime.Services;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>One on each silo that has tokens.</summary>
internal sealed class RootKeyService(
    GrainId id, Orleans.Runtime.Silo silo, ILoggerFactory loggers, IOptions<HsmOptions> options, ServiceKey serviceKey, WrappingPairs pairs) : GrainService(id, silo, loggers), IRootKeyService
{
    // A token may keep its caller waiting, and that must be no thread of the pool.
    public Task<int[]> Versions() => Task.Factory.StartNew(() => new RootKeyTokens(options.Value).Versions().ToArray(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public Task Adopt(WrappedKey adopted)
    {
        serviceKey.Replace(adopted);
        pairs.RenewInToken();
        return Task.CompletedTask;
    }
}

/// <summary>The <see cref="RootKeyService"/> of every silo.</summary>
internal sealed class RootKeyServices(IServiceProvider services, IClusterMembershipService membership, SiloPass pass) : GrainServiceClient<IRootKeyService>(services)
{
    /// <summary>Calls all silos that serve. One that begins to reads for itself which root key counts.</summary>
    public async Task<T[]> All<T>(Func<IRootKeyService, Task<T>> call)
    {
        pass.Attach();
        // From the table: a silo that has just come may serve before this one hears of it.
        await membership.Refresh();
        return await Task.WhenAll(membership.CurrentSnapshot.Members.Values.Where(silo => silo.Status == SiloStatus.Active).Select(silo => call(GetGrainService(silo.SiloAddress))));
    }
}
