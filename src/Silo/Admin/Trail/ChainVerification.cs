using System.Runtime.InteropServices;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Grains.Trail.Proof;

namespace Orleans.Kms.Silo.Admin.Trail;

/// <summary>Verifies one chain: block by block, with each checkpoint at its place, and against what is known from outside. It holds one block, and the hashes of those of one checkpoint.</summary>
/// <param name="chain">The chain.</param>
/// <param name="keys">The public keys that count.</param>
/// <param name="statements">The checkpoints of the chain that are kept outside.</param>
/// <param name="keptSince">Blocks that were signed later than this may not be missing at the front.</param>
internal sealed class ChainVerification(TrailChain chain, IReadOnlyDictionary<string, byte[]> keys, IReadOnlyList<TrailStatement> statements, DateTimeOffset keptSince)
{
    private readonly BlockCheck _blocks = new(chain.ChainId);
    private readonly CheckpointCheck _checkpoints = new(chain.ChainId, keys);
    private readonly ILookup<long, TrailStatement> _byBlock = statements.ToLookup(statement => statement.Checkpoint.LastBlock);
    private readonly ILookup<long, TrailStatement> _byNumber = statements.ToLookup(statement => statement.Checkpoint.Number);
    private readonly List<byte> _leaves = [];
    private long _first;
    private bool _isWhole = true;

    /// <summary>Events that were looked at.</summary>
    public long Events { get; private set; }

    /// <summary>Blocks that were looked at.</summary>
    public long Blocks { get; private set; }

    /// <summary>What came of it: one line.</summary>
    /// <exception cref="TrailFaultException">The first fault.</exception>
    public string Run(TrailSnapshot trail, CancellationToken cancellation)
    {
        using var checkpoints = trail.Checkpoints(chain.Chain).GetEnumerator();
        using var index = new IndexCheck(trail);
        var next = Next(checkpoints);
        foreach (var block in trail.Blocks(chain.Chain))
        {
            cancellation.ThrowIfCancellationRequested();
            if (_first == 0) next = Begin(block.Number, checkpoints, next);
            _blocks.Add(block);
            index.Add(block);
            (Blocks, Events) = (Blocks + 1, Events + block.Count);
            Compare(_byBlock[block.Number]);
            _leaves.AddRange(MerkleTree.HashLeaf(_blocks.Hash));
            if (next?.LastBlock != block.Number) continue;
            Cover(next);
            next = Next(checkpoints);
        }
        // Nothing is left of a chain that is older than what is kept.
        if (_first == 0 && next is not null) next = Begin(long.MaxValue, checkpoints, next);
        if (next is not null) throw new TrailFaultException($"its end is missing: checkpoint {next.Number} covers the blocks to {next.LastBlock}, and {Ends()}");
        RequireStatements();
        return Describe();
    }

    private TrailCheckpoint? Next(IEnumerator<(SignedCheckpoint Signed, long Number, string KeyId)> checkpoints)
    {
        if (!checkpoints.MoveNext()) return null;
        var (signed, number, keyId) = checkpoints.Current;
        var checkpoint = _checkpoints.Add(signed, number, keyId);
        var other = _byNumber[number].FirstOrDefault(statement => !statement.Signed.Body.AsSpan().SequenceEqual(signed.Body));
        return other is null ? checkpoint : throw new TrailFaultException($"checkpoint {number} is another one than {other.Source} keeps");
    }

    // Checkpoints of which no block is left stay until the next one is like that, too: the last of them tells where what is left begins.
    private TrailCheckpoint? Begin(long first, IEnumerator<(SignedCheckpoint Signed, long Number, string KeyId)> checkpoints, TrailCheckpoint? next)
    {
        _first = first;
        if (first == 1 && next is not { Number: > 1 }) return next;
        TrailCheckpoint? removed = null;
        for (; next is not null && next.LastBlock < first; next = Next(checkpoints)) RequireOld(removed = next);
        if (next is null && first == long.MaxValue)
        {
            _blocks.BeginAfter(removed!.LastBlock, removed.LastEvent, removed.LastHash);
            return null;
        }
        if (removed is not null && removed.LastBlock == first - 1)
        {
            _blocks.BeginAfter(removed.LastBlock, removed.LastEvent, removed.LastHash);
            return next;
        }
        if (next is null || next.FirstBlock > first - 1) throw new TrailFaultException($"its front is missing: it begins with block {first}, and no checkpoint tells what was before it");
        // The removal of what a checkpoint covers was broken off, and goes on.
        RequireOld(next);
        _isWhole = false;
        _blocks.BeginAfter(first - 1, null, null);
        return next;
    }

    private void RequireOld(TrailCheckpoint removed)
    {
        if (removed.Time > keptSince) throw new TrailFaultException($"its front is missing: of checkpoint {removed.Number}, signed at {removed.Time:yyyy-MM-ddTHH:mm:ssZ} and so within the days that are kept, {(_first == long.MaxValue ? "all blocks" : $"blocks before {_first}")} are not there");
    }

    private void Cover(TrailCheckpoint checkpoint)
    {
        var isRoot = !_isWhole || MerkleTree.Root(CollectionsMarshal.AsSpan(_leaves)).SequenceEqual(checkpoint.Root);
        if (!isRoot || !checkpoint.LastHash.AsSpan().SequenceEqual(_blocks.Hash) || checkpoint.LastEvent != _blocks.LastEvent)
        {
            throw new TrailFaultException($"blocks {checkpoint.FirstBlock} to {checkpoint.LastBlock} are not those that checkpoint {checkpoint.Number} was signed for");
        }
        _leaves.Clear();
        _isWhole = true;
    }

    private void Compare(IEnumerable<TrailStatement> here)
    {
        foreach (var (source, _, checkpoint) in here)
        {
            if (!checkpoint.LastHash.AsSpan().SequenceEqual(_blocks.Hash) || checkpoint.LastEvent != _blocks.LastEvent) throw new TrailFaultException($"block {_blocks.Number} is another one than {source} keeps a checkpoint of");
        }
    }

    private void RequireStatements()
    {
        foreach (var (source, _, checkpoint) in statements)
        {
            if (checkpoint.LastBlock > _blocks.Number)
            {
                throw new TrailFaultException($"its end is missing: {source} keeps checkpoint {checkpoint.Number} of {checkpoint.Time:yyyy-MM-ddTHH:mm:ssZ}, of the blocks to {checkpoint.LastBlock} and the events to {checkpoint.LastEvent}, and {Ends()}");
            }
            if (checkpoint.Number > (_checkpoints.Last?.Number ?? 0)) throw new TrailFaultException($"checkpoint {checkpoint.Number} is missing, which {source} keeps");
        }
    }

    private string Ends() => $"the database ends with block {_blocks.Number} and event {Math.Max(0, _blocks.LastEvent)}";

    private string Describe()
    {
        var written = Blocks == 0 ? "no blocks" : $"blocks {_first} to {_blocks.Number}, {Events} events to number {_blocks.LastEvent}";
        var left = _blocks.LastEvent - (_checkpoints.Last?.LastEvent ?? 0);
        var signed = _checkpoints.Last is { } last
            ? $"checkpoints {_checkpoints.First!.Number} to {last.Number}, the newest of {last.Time:yyyy-MM-ddTHH:mm:ssZ}, cover {(left == 0 ? "all" : $"all but the last {left} events")}"
            : "no checkpoint covers it yet";
        return $"{written}; {signed}";
    }
}
