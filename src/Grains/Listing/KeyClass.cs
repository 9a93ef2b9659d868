using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Listing;

/// <summary>What lists of CMKs are filtered by, as the number that the index holds: four bits each for state, spec, usage and protection level.</summary>
internal readonly record struct KeyClass(KeyState State, KeySpec Spec, KeyUsage Usage, ProtectionLevel Level)
{
    /// <summary>The number in the index.</summary>
    public int Number => (int)State | (int)Spec << 4 | (int)Usage << 8 | (int)Level << 12;

    /// <summary>The class of a number in the index.</summary>
    public static KeyClass Of(int number) =>
        new((KeyState)(number & 15), (KeySpec)(number >> 4 & 15), (KeyUsage)(number >> 8 & 15), (ProtectionLevel)(number >> 12 & 15));

    /// <summary>Whether a filter shows it.</summary>
    public bool IsShownBy(Kms.Listing.KeyFilter filter) => filter.Shows(State, Spec, Usage, Level);
}
