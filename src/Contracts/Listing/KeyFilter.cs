using Orleans.Kms.Keys;

namespace Orleans.Kms.Listing;

/// <summary>Which CMKs a list shows: those that each list below names; null names all, and an empty list names none.</summary>
/// <param name="States">Their states.</param>
/// <param name="Specs">Their kinds.</param>
/// <param name="Usages">What they are for.</param>
/// <param name="Levels">Their protection levels.</param>
[GenerateSerializer, Immutable, Alias("kms.key-filter")]
public sealed record KeyFilter(
    [property: Id(0)] KeyState[]? States, [property: Id(1)] KeySpec[]? Specs, [property: Id(2)] KeyUsage[]? Usages, [property: Id(3)] ProtectionLevel[]? Levels)
{
    /// <summary>The filter that shows every CMK.</summary>
    public static readonly KeyFilter All = new(null, null, null, null);

    /// <summary>The filter that shows none.</summary>
    public static readonly KeyFilter None = new([], null, null, null);

    /// <summary>Whether it shows a CMK of these properties.</summary>
    public bool Shows(KeyState state, KeySpec spec, KeyUsage usage, ProtectionLevel level) =>
        Names(States, state) && Names(Specs, spec) && Names(Usages, usage) && Names(Levels, level);

    private static bool Names<T>(T[]? values, T value) where T : struct, Enum => values is null || values.Contains(value);
}

/// <summary>One kind of CMK that can be made here.</summary>
/// <param name="Spec">The kind.</param>
/// <param name="Levels">At which protection levels.</param>
/// <param name="Usages">For what.</param>
[GenerateSerializer, Immutable, Alias("kms.offered-key-spec")]
public sealed record OfferedKeySpec([property: Id(0)] KeySpec Spec, [property: Id(1)] ProtectionLevel[] Levels, [property: Id(2)] KeyUsage[] Usages);
