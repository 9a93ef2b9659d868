using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Keys;

/// <summary>What is stored of a CMK.</summary>
internal sealed record KeyRecord : StoredRecord
{
    /// <summary>The name of this state in grain storage.</summary>
    public const string StateName = "key";

    public KeyState State { get; init; }
    public KeySpec Spec { get; init; }
    public KeyUsage Usage { get; init; }
    public KeyOrigin Origin { get; init; }
    public ProtectionLevel ProtectionLevel { get; init; }
    public string Description { get; init; } = "";
    public string Creator { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the key will be destroyed (UTC); only in state PendingDeletion.</summary>
    public DateTimeOffset? DeletesAt { get; init; }

    /// <summary>When imported material expires (UTC); null if never, or if there is none.</summary>
    public DateTimeOffset? MaterialExpiresAt { get; init; }

    /// <summary>Tells the material that was imported first from any other, see <see cref="Import.MaterialCheck"/>; null before.</summary>
    // Stored as an empty text, null is read as an empty array.
    public byte[]? MaterialCheck { get; init => field = value is { Length: > 0 } ? value : null; }

    /// <summary>Whether imported material of level HSM was in a silo's memory. The same material stays the same, however it is imported again.</summary>
    public bool IsImportedOutsideHsm { get; init; }

    /// <summary>The change by which the service itself noted that material had expired, last; it may be part of a call's own.</summary>
    public Guid? Expiry { get; init; }

    /// <summary>How long after a version the next one is made; null without automatic rotation.</summary>
    public TimeSpan? RotationInterval { get; init; }

    public bool IsDeletionProtected { get; init; }

    // Records from before there was protection or tags do not name them, and reading leaves null then.
    public string DeletionProtectionDescription { get => field ?? ""; init; } = "";

    /// <summary>In the order in which their keys were first given.</summary>
    public IReadOnlyList<Tag> Tags { get => field ?? []; init; } = [];

    /// <summary>In order of creation; the last one of a symmetric key is the primary version.</summary>
    public IReadOnlyList<KeyVersionRecord> Versions { get; init; } = [];

    /// <summary>The newest version; of a symmetric key the one that encrypts.</summary>
    public KeyVersionRecord Primary() => Versions[^1];

    /// <summary>The version of that id, or null.</summary>
    public KeyVersionRecord? Version(Guid id)
    {
        for (var i = Versions.Count - 1; i >= 0; i--)
        {
            if (Versions[i].Id == id) return Versions[i];
        }
        return null;
    }
}

/// <summary>One key version.</summary>
/// <param name="Id">UUID.</param>
/// <param name="CreatedAt">When it was made (UTC).</param>
/// <param name="Material">See <see cref="StoredMaterial"/>. Empty while a CMK of origin EXTERNAL has none.</param>
/// <param name="PublicKey">The sealed public key, likewise; only of an asymmetric key.</param>
[GenerateSerializer, Immutable, Alias("kms.key-version-record")]
internal sealed record KeyVersionRecord(
    [property: Id(0)] Guid Id, [property: Id(1)] DateTimeOffset CreatedAt, [property: Id(2)] byte[] Material, [property: Id(3)] byte[]? PublicKey = null)
{
    /// <summary>Whether there is material.</summary>
    public bool HasMaterial => Material.Length > 0;

    /// <summary>A version whose material is yet to be imported.</summary>
    public static KeyVersionRecord WithoutMaterial(TimeProvider clock) => new(Guid.NewGuid(), clock.GetUtcNow(), []);

    /// <summary>Makes a version with new material; nothing knows of it yet.</summary>
    public static async Task<KeyVersionRecord> Make(StoredMaterial storedMaterial, string grainKey, KeySpec spec, KeyUsage usage, ProtectionLevel level, TimeProvider clock)
    {
        var id = Guid.NewGuid();
        var made = await storedMaterial.Generate(grainKey, id, spec, usage, level);
        return new(id, clock.GetUtcNow(), made.Stored, made.StoredPublicKey);
    }
}
