namespace Orleans.Kms.Grains.Trail;

/// <summary>How much one call may look at, so that a lookup of what is rare does not take without bound.</summary>
internal sealed class LookupBudget(long bytes = LookupBudget.Bytes)
{
    /// <summary>What a call has: bytes of events.</summary>
    public const long Bytes = 64 << 20;

    // What a statement costs beside what it reads.
    private const long Statement = 16 << 10;

    private long _left = bytes;

    /// <summary>Whether it is used up.</summary>
    public bool IsSpent => _left <= 0;

    /// <summary>Pays for a statement that has read so many bytes.</summary>
    public void Pay(long bytes) => _left -= Statement + bytes;
}
