using Orleans.Kms.Grains.Access;

namespace Orleans.Kms.Grains.Trail.Proof;

/// <summary>
/// Keeps the newest checkpoint of each chain outside the database, so that a database that was put back to an older copy is found. What is kept is replaced by newer
/// checkpoints only: what a lost end of a chain left is evidence.
/// </summary>
internal abstract class TrailAnchors
{
    private const int OwnerBytes = 16;

    /// <summary>What tells the trail of one service from those of others that use the same token or file. It is the same in all backups of a database.</summary>
    public static string Owner(ClusterSecret secret) => Convert.ToHexStringLower(secret.Derive("trail-anchors").AsSpan(0, OwnerBytes));

    /// <summary>Keeps a checkpoint, unless a newer one of its chain is kept already.</summary>
    /// <returns>Where it could not be kept, and why.</returns>
    public abstract Task<IReadOnlyList<AnchorFailure>> Keep(SignedCheckpoint checkpoint);
}

/// <summary>A place that did not keep an anchor.</summary>
/// <param name="Place">The token or file.</param>
/// <param name="Reason">Why it did not.</param>
/// <param name="IsForGood">Whether it never will: it is a module that has no data objects.</param>
[GenerateSerializer, Immutable, Alias("kms.anchor-failure")]
internal sealed record AnchorFailure([property: Id(0)] string Place, [property: Id(1)] string Reason, [property: Id(2)] bool IsForGood);
