using Microsoft.Extensions.Options;
using Orleans.Kms.Grains.Access;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>Finds the HSM worker grain for a piece of work. Work on one key version goes to one lane, so that its unwrapped handle is cached once.</summary>
internal sealed class HsmWorkers(IGrainFactory grains, SiloPass pass, IOptions<HsmOptions> options)
{
    /// <summary>The worker that serves <paramref name="affinity"/>, a key version for instance.</summary>
    public IHsmWorkerGrain For(Guid affinity) => Worker((uint)affinity.GetHashCode() % (uint)options.Value.Lanes);

    /// <summary>All workers of this silo.</summary>
    public IEnumerable<IHsmWorkerGrain> All()
    {
        for (var lane = 0; lane < options.Value.Lanes; lane++) yield return Worker(lane);
    }

    private IHsmWorkerGrain Worker(long lane)
    {
        pass.Attach();
        return grains.GetGrain<IHsmWorkerGrain>(lane);
    }
}
