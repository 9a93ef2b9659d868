using Orleans.Storage;

namespace Orleans.Kms.Silo.Storage;

/// <summary>
/// Lets one write at a time through to grain storage on SQLite. The file has one writer, and a writer that finds it locked sleeps 150 ms on an Orleans thread;
/// waiting here costs nobody a thread. Reads go straight through.
/// </summary>
internal sealed class GatedGrainStorage(IGrainStorage inner) : IGrainStorage, IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ReadStateAsync(stateName, grainId, grainState);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        OneAtATime(() => inner.WriteStateAsync(stateName, grainId, grainState));

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        OneAtATime(() => inner.ClearStateAsync(stateName, grainId, grainState));

    /// <summary>Does something while no write is on its way to the database; writes wait meanwhile.</summary>
    public async Task<T> WithoutWrites<T>(Func<Task<T>> use)
    {
        await _gate.WaitAsync();
        try { return await use(); }
        finally { _gate.Release(); }
    }

    public void Dispose() => _gate.Dispose();

    private async Task OneAtATime(Func<Task> write)
    {
        await _gate.WaitAsync();
        try { await write(); }
        finally { _gate.Release(); }
    }
}
