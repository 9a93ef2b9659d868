using Microsoft.Extensions.Options;
using Orleans.Kms.Grains.Access;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>Finds the HSM worker grain for a piece of work. Work on one key version goes to one lane, so that its unwrapped handle is cached once.</summary>
internal sealed class HsmWorkers(IGrainFactory grains, SiloPass pass, IOptions<HsmOptions> options)
{
    // A reference takes microseconds to make: the factory works out names anew each time.
    private readonly IHsmWorkerGrain?[] _workers = new IHsmWorkerGrain?[options.Value.Lanes];

    /// <summary>The worker that serves <paramref name="affinity"/>, a key version for instance.</summary>
    public IHsmWorkerGrain For(Guid affinity) => Worker((int)((uint)affinity.GetHashCode() % (uint)_workers.Length));

    /// <summary>All workers of this silo.</summary>
    public IEnumerable<IHsmWorkerGrain> All()
    {
        for (var lane = 0; lane < _workers.Length; lane++) yield return Worker(lane);
    }

    private IHsmWorkerGrain Worker(int lane)
    {
        pass.Attach();
        return _workers[lane] ??= grains.GetGrain<IHsmWorkerGrain>(lane);
    }
}
