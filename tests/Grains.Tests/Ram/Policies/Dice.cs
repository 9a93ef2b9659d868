namespace Orleans.Kms.Grains.Tests.Ram.Policies;

/// <summary>Numbers that look random and are the same for the same seed (SplitMix64), so that a failure can be repeated.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>From 0 to one less than <paramref name="limit"/>.</summary>
    public int Below(int limit)
    {
        var mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
        return (int)((mixed ^ mixed >> 31) % (ulong)limit);
    }

    /// <summary>True once in so many times.</summary>
    public bool Chance(int oneIn) => Below(oneIn) == 0;

    public T Pick<T>(params IReadOnlyList<T> items) => items[Below(items.Count)];
}
