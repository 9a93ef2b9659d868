using Orleans.Kms.Grains.Trail.Proof;

namespace Orleans.Kms.Silo.Admin.Trail;

/// <summary>Follows the checkpoints of a chain.</summary>
/// <param name="chainId">The chain.</param>
/// <param name="keys">The public keys that count, by their names.</param>
internal sealed class CheckpointCheck(Guid chainId, IReadOnlyDictionary<string, byte[]> keys)
{
    private byte[] _hash = TrailCheckpoint.None;

    /// <summary>The last one so far; null if there was none.</summary>
    public TrailCheckpoint? Last { get; private set; }

    /// <summary>The first one; null if there was none.</summary>
    public TrailCheckpoint? First { get; private set; }

    /// <summary>Takes the next one.</summary>
    /// <param name="signed">As it is stored.</param>
    /// <param name="number">What the database calls it.</param>
    /// <param name="keyId">The key that it is said to be signed by.</param>
    /// <exception cref="TrailFaultException">It is not the one that was signed.</exception>
    public TrailCheckpoint Add(SignedCheckpoint signed, long number, string keyId)
    {
        var checkpoint = TrailCheckpoint.Read(signed.Body);
        if (checkpoint is null || checkpoint.ChainId != chainId || checkpoint.Number != number) throw new TrailFaultException($"checkpoint {number} is not the one of this chain and number");
        if (!keys.TryGetValue(keyId, out var key)) throw new TrailFaultException($"checkpoint {number} is signed by another key, {keyId}");
        if (!signed.IsSignedBy(key)) throw new TrailFaultException($"checkpoint {number} does not bear the signature of {keyId}");
        if (Last is { } last ? number != last.Number + 1 : false) throw new TrailFaultException($"checkpoint {Last.Number + 1} is missing");
        // What the first one of those that are left refers to was removed with the blocks that it covered.
        var follows = checkpoint.FirstBlock == (Last?.LastBlock + 1 ?? (number == 1 ? 1 : checkpoint.FirstBlock)) && ((Last is null && number > 1) || checkpoint.Previous.AsSpan().SequenceEqual(_hash));
        if (!follows) throw new TrailFaultException($"checkpoint {number} does not follow the one before");
        First ??= checkpoint;
        (Last, _hash) = (checkpoint, signed.Hash);
        return checkpoint;
    }
}
