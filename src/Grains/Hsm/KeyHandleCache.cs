using System.Diagnostics.CodeAnalysis;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// The unwrapped keys of one session, by key version. Bounded: the least recently used gives way and is destroyed in the token.
/// Not thread safe, and worth nothing once the session is closed.
/// </summary>
internal sealed class KeyHandleCache(ISession session, int capacity, CacheUse use)
{
    private readonly Dictionary<Guid, LinkedListNode<(Guid Id, IObjectHandle Handle)>> _byId = [];

    // Most recently used first.
    private readonly LinkedList<(Guid Id, IObjectHandle Handle)> _byUse = [];

    public int Count => _byId.Count;

    public bool TryGet(Guid id, [NotNullWhen(true)] out IObjectHandle? handle)
    {
        handle = null;
        if (!_byId.TryGetValue(id, out var node))
        {
            use.Miss();
            return false;
        }
        use.Hit();
        if (node != _byUse.First)
        {
            _byUse.Remove(node);
            _byUse.AddFirst(node);
        }
        handle = node.Value.Handle;
        return true;
    }

    public void Add(Guid id, IObjectHandle handle)
    {
        _byId.Add(id, _byUse.AddFirst((id, handle)));
        if (_byId.Count > capacity) Remove(_byUse.Last!.Value.Id);
    }

    /// <summary>Destroys the unwrapped key; false if there is none.</summary>
    public bool Remove(Guid id)
    {
        if (!_byId.Remove(id, out var node)) return false;
        _byUse.Remove(node);
        session.DestroyObject(node.Value.Handle);
        return true;
    }
}
