namespace Orleans.Kms.Ram;

/// <summary>Which page of a RAM list is wanted.</summary>
/// <param name="Marker">From the page before; null for the first one.</param>
/// <param name="MaxItems">1 to 1000.</param>
[GenerateSerializer, Immutable, Alias("kms.ram-marker-request")]
public sealed record MarkerRequest([property: Id(0)] string? Marker, [property: Id(1)] int MaxItems)
{
    /// <summary>What <see cref="MaxItems"/> is if nothing is said.</summary>
    public const int DefaultMaxItems = 100;

    /// <summary>The most that <see cref="MaxItems"/> may be.</summary>
    public const int MaxMaxItems = 1000;
}
