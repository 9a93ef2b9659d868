namespace Orleans.Kms.Grains.Access;

/// <summary>
/// Remembers the nonces of one access key for as long as a request that carries them could still be inside the time window. Of a nonce half of
/// its <see cref="Trail.UsedNonce.Hash"/> is kept, 64 bits: with ten million nonces alive, the chance that a fresh one is refused is below one in a trillion; a used one is always refused.
/// </summary>
internal sealed class NonceWindow(int capacity = NonceWindow.Capacity)
{
    /// <summary>The most nonces kept, about 300 MB. Beyond, requests are refused rather than let in unchecked.</summary>
    public const int Capacity = 10_000_000;

    // Nonces that expire in the same five minutes share a set and are dropped together. Requests in the window expire within 30 minutes: seven sets, and more only after the clock was put back.
    private static readonly long SlotTicks = TimeSpan.FromMinutes(5).Ticks;
    private readonly Dictionary<long, HashSet<ulong>> _slots = [];
    private int _count;

    /// <summary>Takes note of <paramref name="nonce"/>.</summary>
    /// <param name="nonce">The hash of the request's nonce.</param>
    /// <param name="expiresAt">When a request with its timestamp leaves the window.</param>
    /// <param name="now">The present.</param>
    public NonceVerdict Use(UInt128 nonce, DateTimeOffset expiresAt, DateTimeOffset now)
    {
        var hash = (ulong)nonce;
        var present = now.UtcTicks / SlotTicks;
        foreach (var (slot, nonces) in _slots)
        {
            if (slot < present) Drop(slot, nonces);
            else if (nonces.Contains(hash)) return NonceVerdict.Used;
        }
        return _count < capacity ? Keep(hash, expiresAt.UtcTicks / SlotTicks) : NonceVerdict.Full;
    }

    private NonceVerdict Keep(ulong hash, long slot)
    {
        if (!_slots.TryGetValue(slot, out var nonces)) _slots[slot] = nonces = [];
        nonces.Add(hash);
        _count++;
        return NonceVerdict.Fresh;
    }

    private void Drop(long slot, HashSet<ulong> nonces)
    {
        _count -= nonces.Count;
        _slots.Remove(slot);
    }
}

/// <summary>What <see cref="NonceWindow"/> says of a nonce.</summary>
internal enum NonceVerdict
{
    Fresh,
    Used,
    Full,
}
