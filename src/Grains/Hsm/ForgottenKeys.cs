using System.Collections.Concurrent;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>Keys that a lane still has to remove from its token's memory. Bounded: when too many wait, all keys go.</summary>
internal sealed class ForgottenKeys(int capacity)
{
    private readonly ConcurrentQueue<Guid> _ids = new();
    private volatile bool _all;

    /// <summary>True if there is nothing to do.</summary>
    public bool IsEmpty => _ids.IsEmpty && !_all;

    public void Add(Guid keyVersionId)
    {
        if (_ids.Count < capacity) _ids.Enqueue(keyVersionId);
        else _all = true;
    }

    /// <summary>Takes all that is to be forgotten: by <paramref name="forget"/> one by one, or by <paramref name="forgetAll"/>.</summary>
    public void Take(Action<Guid> forget, Action forgetAll)
    {
        while (_ids.TryDequeue(out var id)) forget(id);
        if (!_all) return;
        _all = false;
        forgetAll();
    }
}
