using System.Collections.Concurrent;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// Keys that a lane still has to remove from its token's memory: at once, and again until the calls that were queued by then have been served, for one of them may unwrap the
/// key anew. Bounded: when too many wait, all keys go.
/// </summary>
internal sealed class ForgottenKeys(int capacity)
{
    private readonly ConcurrentQueue<(Guid Id, long Until)> _keys = new();

    // 0: not all keys.
    private long _allUntil;

    /// <summary>True if there is nothing to do.</summary>
    public bool IsEmpty => _keys.IsEmpty && Volatile.Read(ref _allUntil) == 0;

    /// <param name="keyVersionId">The key.</param>
    /// <param name="until">How many calls were ever queued: with the last of them it is over.</param>
    public void Add(Guid keyVersionId, long until)
    {
        if (_keys.Count < capacity) _keys.Enqueue((keyVersionId, until));
        else AddAll(until);
    }

    /// <summary>All keys are to be removed.</summary>
    public void AddAll(long until) => Volatile.Write(ref _allUntil, Math.Max(1, until));

    /// <summary>Takes all that is to be forgotten: by <paramref name="forget"/> one by one, or by <paramref name="forgetAll"/>. By the lane's thread, when <paramref name="taken"/> calls of all ever queued are over.</summary>
    public void Take(long taken, Action<Guid> forget, Action forgetAll)
    {
        for (var left = _keys.Count; left > 0 && _keys.TryDequeue(out var key); left--)
        {
            forget(key.Id);
            if (key.Until > taken) _keys.Enqueue(key);
        }
        if (Volatile.Read(ref _allUntil) is not 0 and var until)
        {
            forgetAll();
            if (until <= taken) Interlocked.CompareExchange(ref _allUntil, 0, until);
        }
    }
}
