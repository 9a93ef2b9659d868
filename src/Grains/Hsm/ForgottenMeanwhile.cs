namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// The last keys that were forgotten. A call that goes from one token to another may unwrap its key on a lane that has forgotten it already, so when it has ended, what was
/// forgotten since it began is forgotten once more. Bounded. Safe to call from all threads.
/// </summary>
internal sealed class ForgottenMeanwhile(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Guid[] _ids = new Guid[capacity];
    private long _count;

    /// <summary>How many keys were ever forgotten.</summary>
    public long Now => Volatile.Read(ref _count);

    public void Add(Guid keyVersionId)
    {
        lock (_lock)
        {
            _ids[_count % _ids.Length] = keyVersionId;
            Volatile.Write(ref _count, _count + 1);
        }
    }

    /// <summary>The keys forgotten since <see cref="Now"/> was <paramref name="then"/>; null if they are more than are remembered.</summary>
    public Guid[]? Since(long then)
    {
        if (Now == then) return [];
        lock (_lock)
        {
            if (_count - then > _ids.Length) return null;
            var ids = new Guid[_count - then];
            for (var i = 0; i < ids.Length; i++) ids[i] = _ids[(then + i) % _ids.Length];
            return ids;
        }
    }
}
