using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Grains.Trail.Proof;

namespace Orleans.Kms.Silo.Admin.Trail;

/// <summary>Follows the blocks of a chain, and works out every hash anew.</summary>
/// <param name="chainId">The chain.</param>
internal sealed class BlockCheck(Guid chainId)
{
    private readonly List<byte> _leaves = [];
    private byte[]? _hash = TrailCheckpoint.None;

    /// <summary>The number of the last block so far.</summary>
    public long Number { get; private set; }

    /// <summary>The number of its last event.</summary>
    public long LastEvent { get; private set; }

    /// <summary>Its hash; null while it is not known.</summary>
    public byte[]? Hash => _hash;

    /// <summary>Begins after blocks that are not there any more.</summary>
    /// <param name="number">The last of them.</param>
    /// <param name="lastEvent">The last event of it; null if that is not known.</param>
    /// <param name="hash">Its hash; null if that is not known.</param>
    public void BeginAfter(long number, long? lastEvent, byte[]? hash) => (Number, LastEvent, _hash) = (number, lastEvent ?? -1, hash);

    /// <summary>Takes the next block.</summary>
    /// <exception cref="TrailFaultException">It is not the one that was written.</exception>
    public void Add(TrailBlock block)
    {
        if (block.Number != Number + 1) throw new TrailFaultException($"block {Number + 1} is missing; the next one that is there is {block.Number}");
        if (LastEvent >= 0 && block.FirstEvent != LastEvent + 1) throw Fault(block, $"its first event is {block.FirstEvent}, and the one before ended with {LastEvent}");
        if (_hash is not null && !block.Previous.AsSpan().SequenceEqual(_hash)) throw Fault(block, "it does not follow the block before");
        var header = new TrailBlockHeader(chainId, block.Number, block.FirstEvent, block.Count, block.WrittenAt, block.Previous, Root(block));
        var hash = header.Hash();
        if (!header.Root.Span.SequenceEqual(block.Root) || !hash.AsSpan().SequenceEqual(block.Hash)) throw Fault(block, "its events or its header are not those that were written");
        (Number, LastEvent, _hash) = (block.Number, block.FirstEvent + block.Count - 1, hash);
    }

    private byte[] Root(TrailBlock block)
    {
        _leaves.Clear();
        var rest = block.Body.Length;
        foreach (var e in block.Events())
        {
            _leaves.AddRange(MerkleTree.HashLeaf(e.Span));
            rest -= e.Length + 1;
        }
        if (_leaves.Count == 0 || _leaves.Count / MerkleTree.HashBytes != block.Count || rest != 0) throw Fault(block, $"it has {_leaves.Count / MerkleTree.HashBytes} whole events and not {block.Count}");
        return MerkleTree.Root(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_leaves)).ToArray();
    }

    private static TrailFaultException Fault(TrailBlock block, string what) => new($"block {block.Number}: {what}");
}
