using Microsoft.Extensions.Options;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// Finds the HSM worker grain for a piece of work. Work on one key version goes to one lane, so that its unwrapped handle is cached once. The lanes for AES come
/// first, then those for private keys, which are slower, then the one that makes RSA key pairs, which is slower still.
/// </summary>
internal sealed class HsmWorkers(IGrainFactory grains, SiloPass pass, IOptions<HsmOptions> options)
{
    private readonly int _aesLanes = options.Value.Lanes;
    private readonly int _privateKeyLanes = options.Value.AsymmetricLanes;

    // A reference takes microseconds to make: the factory works out names anew each time.
    private readonly IHsmWorkerGrain?[] _workers = new IHsmWorkerGrain?[PairMakerLane(options.Value) + 1];
    private readonly IHsmKeyPairGrain?[] _pairWorkers = new IHsmKeyPairGrain?[PairMakerLane(options.Value) + 1];

    /// <summary>The lane that makes RSA key pairs, the last one.</summary>
    public static int PairMakerLane(HsmOptions options) => options.Lanes + options.AsymmetricLanes;

    /// <summary>The worker that does AES for <paramref name="affinity"/>, a key version for instance.</summary>
    public IHsmWorkerGrain For(Guid affinity) => Worker(AesLane(affinity));

    /// <summary>The worker that holds a key version of that spec unwrapped, if one does.</summary>
    public IHsmWorkerGrain For(Guid keyVersionId, KeySpec spec) => Worker(spec.IsSymmetric() ? AesLane(keyVersionId) : PrivateKeyLane(keyVersionId));

    /// <summary>The worker that uses the private key of a version.</summary>
    public IHsmKeyPairGrain PrivateKeys(Guid keyVersionId) => PairWorker(PrivateKeyLane(keyVersionId));

    /// <summary>The worker that wraps the material of a version anew.</summary>
    public IHsmRootKeyGrain RootKeys(Guid keyVersionId, KeySpec spec) => For(keyVersionId, spec).AsReference<IHsmRootKeyGrain>();

    /// <summary>The worker that makes the key pair of a version: RSA pairs take seconds, and are made where they keep no other work waiting.</summary>
    public IHsmKeyPairGrain PairMaker(Guid keyVersionId, KeySpec spec) => spec.IsRsa() ? PairWorker(_aesLanes + _privateKeyLanes) : PrivateKeys(keyVersionId);

    /// <summary>The worker through which the tokens keep what is kept of the trail: not one of those that most calls wait for.</summary>
    public IHsmAnchorGrain Anchors() => Worker(_aesLanes).AsReference<IHsmAnchorGrain>();

    /// <summary>All workers of this silo.</summary>
    public IEnumerable<IHsmWorkerGrain> All()
    {
        for (var lane = 0; lane < _workers.Length; lane++) yield return Worker(lane);
    }

    private int AesLane(Guid affinity) => (int)((uint)affinity.GetHashCode() % (uint)_aesLanes);

    private int PrivateKeyLane(Guid affinity) => _aesLanes + (int)((uint)affinity.GetHashCode() % (uint)_privateKeyLanes);

    private IHsmWorkerGrain Worker(int lane)
    {
        pass.Attach();
        return _workers[lane] ??= grains.GetGrain<IHsmWorkerGrain>(lane);
    }

    private IHsmKeyPairGrain PairWorker(int lane)
    {
        pass.Attach();
        return _pairWorkers[lane] ??= grains.GetGrain<IHsmKeyPairGrain>(lane);
    }
}
