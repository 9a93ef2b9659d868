using Orleans.Kms.Client.Connection;

namespace Orleans.Kms.Client.Envelope;

/// <summary>Data keys that open blobs: the most recently used ones, none beyond its age. A data key is opened once for all who wait for it.</summary>
internal sealed class OpenedKeys(DataKeySource source, int capacity, TimeSpan maxAge, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<DataKey>> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task<DataKey>> _openings = new(StringComparer.Ordinal);
    // Most recently used first.
    private readonly LinkedList<DataKey> _order = new();
    private bool _isClosed;

    /// <summary>A data key, held for the caller.</summary>
    public async ValueTask<DataKey> Take(byte[] encrypted, CancellationToken cancellationToken)
    {
        var name = Name(encrypted);
        while (true)
        {
            Task<DataKey> opening;
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_isClosed, typeof(EnvelopeEncryption));
                if (Find(name) is { } known) return known;
                if (!_openings.TryGetValue(name, out opening!)) _openings[name] = opening = Detached.Run(() => Open(name, encrypted));
            }
            // In a cache that is too small for those who wait it may be gone again, and is opened anew.
            var opened = await opening.WaitAsync(cancellationToken);
            if (opened.TryHold()) return opened;
        }
    }

    /// <summary>Keeps a data key that was just made: what it seals is often read soon.</summary>
    public void Add(DataKey key)
    {
        lock (_gate)
        {
            if (!_isClosed) Keep(Name(key.Encrypted), key);
        }
    }

    /// <summary>Drops what is too old.</summary>
    public void DropExpired()
    {
        lock (_gate)
        {
            foreach (var node in _keys.Values.Where(node => IsExpired(node.Value)).ToArray()) Drop(node);
        }
    }

    /// <summary>Drops everything, for good.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            while (_order.First is { } node) Drop(node);
        }
    }

    private async Task<DataKey> Open(string name, byte[] encrypted)
    {
        try
        {
            var key = await source.Open(encrypted);
            Add(key);
            key.Release();
            return key;
        }
        finally
        {
            lock (_gate) _openings.Remove(name);
        }
    }

    private DataKey? Find(string name)
    {
        if (!_keys.TryGetValue(name, out var node)) return null;
        if (IsExpired(node.Value))
        {
            Drop(node);
            return null;
        }
        _order.Remove(node);
        _order.AddFirst(node);
        return node.Value.TryHold() ? node.Value : null;
    }

    private void Keep(string name, DataKey key)
    {
        if (_keys.ContainsKey(name) || !key.TryHold()) return;
        _keys[name] = _order.AddFirst(key);
        if (_keys.Count > capacity) Drop(_order.Last!);
    }

    private void Drop(LinkedListNode<DataKey> node)
    {
        _order.Remove(node);
        _keys.Remove(Name(node.Value.Encrypted));
        node.Value.Release();
    }

    private bool IsExpired(DataKey key) => clock.GetElapsedTime(key.AskedAt) >= maxAge;

    private static string Name(byte[] encrypted) => Convert.ToBase64String(encrypted);
}
