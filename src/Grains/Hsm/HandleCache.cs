using Net.Pkcs11Interop.HighLevelAPI;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>Unwrapped keys of one session, the least recently used one first to go. Not thread safe.</summary>
/// <param name="capacity">The most handles kept.</param>
/// <param name="destroy">Ends the use of a handle in the token.</param>
internal sealed class HandleCache(int capacity, Action<IObjectHandle> destroy)
{
    private readonly Dictionary<Guid, LinkedListNode<(Guid Id, IObjectHandle Handle)>> _nodes = [];
    private readonly LinkedList<(Guid Id, IObjectHandle Handle)> _byUse = [];

    /// <summary>How many handles are kept.</summary>
    public int Count => _nodes.Count;

    /// <summary>The handle of that key, or null.</summary>
    public IObjectHandle? Find(Guid id)
    {
        if (!_nodes.TryGetValue(id, out var node)) return null;
        if (node != _byUse.First)
        {
            _byUse.Remove(node);
            _byUse.AddFirst(node);
        }
        return node.Value.Handle;
    }

    /// <summary>Keeps a handle; the least recently used one makes room.</summary>
    public void Add(Guid id, IObjectHandle handle)
    {
        if (_nodes.Count >= capacity) Forget(_byUse.Last!.Value.Id);
        _nodes.Add(id, _byUse.AddFirst((id, handle)));
    }

    /// <summary>Destroys the handle of that key, if there is one.</summary>
    public bool Forget(Guid id)
    {
        if (!_nodes.Remove(id, out var node)) return false;
        _byUse.Remove(node);
        destroy(node.Value.Handle);
        return true;
    }
}
