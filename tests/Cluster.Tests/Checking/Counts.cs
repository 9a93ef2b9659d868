
namespace Orleans.Kms.Cluster.Tests.Checking;

/// <summary>How many of each of up to eight kinds; up to 255 of each.</summary>
internal readonly record struct Counts(ulong Packed)
{
    private const int Bits = 8;

    public int this[int kind] => (int)(Packed >> (kind * Bits)) & byte.MaxValue;

    /// <summary>The same with another number of one kind.</summary>
    public Counts With(int kind, int count) =>
        new((Packed & ~((ulong)byte.MaxValue << (kind * Bits))) | ((ulong)checked((byte)count) << (kind * Bits)));

    /// <summary>Whether there are at least as many of every kind as in another one.</summary>
    public bool Covers(Counts other)
    {
        for (var kind = 0; kind < sizeof(ulong); kind++) if (this[kind] < other[kind]) return false;
        return true;
    }
}
