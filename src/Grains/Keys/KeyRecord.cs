using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Keys;

/// <summary>What is stored of a CMK.</summary>
internal sealed record KeyRecord : StoredRecord
{
    public KeyState State { get; init; }
    public KeySpec Spec { get; init; }
    public KeyUsage Usage { get; init; }
    public KeyOrigin Origin { get; init; }
    public ProtectionLevel ProtectionLevel { get; init; }
    public string Description { get; init; } = "";
    public string Creator { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>In order of creation; the last one is the primary version.</summary>
    public IReadOnlyList<KeyVersionRecord> Versions { get; init; } = [];

    /// <summary>The version that encrypts.</summary>
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
/// <param name="Material">See <see cref="Envelope.StoredMaterial"/>.</param>
internal sealed record KeyVersionRecord(Guid Id, DateTimeOffset CreatedAt, byte[] Material);
