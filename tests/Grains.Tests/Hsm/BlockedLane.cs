using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Tests.Hsm;

/// <summary>Keeps a lane's thread busy until released; made when the thread is known to be.</summary>
internal sealed class BlockedLane : IDisposable
{
    private readonly ManualResetEventSlim _release = new();

    public BlockedLane(HsmLane lane)
    {
        using var begun = new ManualResetEventSlim();
        Call = lane.Run(0, (_, _) =>
        {
            begun.Set();
            _release.Wait();
            return true;
        });
        begun.Wait();
    }

    public Task<bool> Call { get; }

    public void Release() => _release.Set();

    // The event itself is left to the garbage collector: the lane may still wait on it.
    public void Dispose() => Release();
}
