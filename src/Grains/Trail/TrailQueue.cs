namespace Orleans.Kms.Grains.Trail;

/// <summary>What waits for the trail's writer, first come, first served. Safe to use from all threads; one thread takes.</summary>
/// <param name="capacity">How much may wait.</param>
internal sealed class TrailQueue(int capacity)
{
    private readonly object _gate = new();
    private readonly Queue<TrailWork> _waiting = new();
    private bool _isClosed;

    /// <summary>How much waits.</summary>
    public int Count
    {
        get { lock (_gate) return _waiting.Count; }
    }

    /// <summary>When what waits longest came (<see cref="TimeProvider.GetTimestamp"/>); null if nothing waits.</summary>
    public long? Oldest
    {
        get { lock (_gate) return _waiting.TryPeek(out var work) ? work.QueuedAt : null; }
    }

    /// <summary>Whether nothing more is taken on.</summary>
    public bool IsClosed
    {
        get { lock (_gate) return _isClosed; }
    }

    /// <summary>Adds something; false if too much waits, or the queue is closed.</summary>
    public bool TryAdd(TrailWork work)
    {
        lock (_gate)
        {
            if (_isClosed || _waiting.Count >= capacity) return false;
            _waiting.Enqueue(work);
            if (_waiting.Count == 1) Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Waits for work and takes as much as one block may have; false once the queue is closed and empty.</summary>
    public bool Take(List<TrailWork> batch)
    {
        batch.Clear();
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_isClosed) Monitor.Wait(_gate);
            var extent = new BlockExtent();
            while (batch.Count < TrailLimits.BlockEvents && _waiting.TryPeek(out var work) && extent.TryAdd(work.Event)) batch.Add(_waiting.Dequeue());
        }
        return batch.Count > 0;
    }

    /// <summary>Takes out what came at that time or before.</summary>
    public List<TrailWork> TakeOld(long timestamp)
    {
        var old = new List<TrailWork>();
        lock (_gate)
        {
            while (_waiting.TryPeek(out var work) && work.QueuedAt <= timestamp) old.Add(_waiting.Dequeue());
        }
        return old;
    }

    /// <summary>Takes on no more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.Pulse(_gate);
        }
    }
}
