using Orleans.Kms.Grains.Envelope;

namespace Orleans.Kms.Grains.Keys;

/// <summary>Imported material, ready to become that of its CMK.</summary>
/// <param name="Stored">See <see cref="StoredMaterial"/>.</param>
/// <param name="Check">See <see cref="Import.MaterialCheck"/>.</param>
/// <param name="ExpiresAt">When it expires (UTC); null for never.</param>
/// <param name="IsOutsideHsm">Whether material of level HSM was in a silo's memory.</param>
[GenerateSerializer, Immutable, Alias("kms.imported-material")]
internal sealed record ImportedMaterial(
    [property: Id(0)] byte[] Stored, [property: Id(1)] byte[] Check, [property: Id(2)] DateTimeOffset? ExpiresAt, [property: Id(3)] bool IsOutsideHsm)
{
    /// <summary>The type only: no key bytes, not even sealed ones, belong in a log.</summary>
    public override string ToString() => nameof(ImportedMaterial);
}
