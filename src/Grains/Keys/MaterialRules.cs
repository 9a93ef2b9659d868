using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Keys;

/// <summary>What becomes of a CMK when imported material comes, expires or is deleted. It has one version, whose id stays: its material is always the same.</summary>
internal static class MaterialRules
{
    /// <summary>Whether the material is not usable any more, from its last second on; whether that was noticed or not.</summary>
    public static bool IsExpired(KeyRecord record, DateTimeOffset now) => record.MaterialExpiresAt <= now;

    /// <summary>The CMK as it is at that time.</summary>
    public static KeyRecord At(KeyRecord record, DateTimeOffset now) => IsExpired(record, now) ? Without(record) : record;

    /// <summary>The CMK with new or renewed material. One that waited for it is enabled; a disabled one stays disabled.</summary>
    public static KeyRecord With(KeyRecord record, ImportedMaterial material) => record with
    {
        State = record.State == KeyState.PendingImport ? KeyState.Enabled : record.State,
        MaterialExpiresAt = material.ExpiresAt,
        MaterialCheck = material.Check,
        IsImportedOutsideHsm = record.IsImportedOutsideHsm || material.IsOutsideHsm,
        Versions = [record.Primary() with { Material = material.Stored }],
    };

    /// <summary>The CMK without its material. One that waits for its deletion goes on to do so.</summary>
    public static KeyRecord Without(KeyRecord record) => record with
    {
        State = record.State == KeyState.PendingDeletion ? record.State : KeyState.PendingImport,
        MaterialExpiresAt = null,
        Versions = [record.Primary() with { Material = [] }],
    };

    /// <summary>Whether a change leaves the CMK without the material that it had.</summary>
    public static bool Ends(KeyRecord before, KeyRecord after) => before.Primary().HasMaterial && !after.Primary().HasMaterial;

    /// <summary>The state of a CMK that was saved from its deletion.</summary>
    public static KeyState StateAfterCancel(KeyRecord record) => record.Primary().HasMaterial ? KeyState.Enabled : KeyState.PendingImport;
}
