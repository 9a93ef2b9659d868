namespace Orleans.Kms.Grains.Hsm;

/// <summary>How often a key was found unwrapped. Counted by one thread, read by all.</summary>
internal sealed class CacheUse
{
    private long _hits;
    private long _misses;

    public long Hits => Volatile.Read(ref _hits);

    public long Misses => Volatile.Read(ref _misses);

    public void Hit() => Volatile.Write(ref _hits, _hits + 1);

    public void Miss() => Volatile.Write(ref _misses, _misses + 1);
}
