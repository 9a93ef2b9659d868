namespace Orleans.Kms.Keys;

/// <summary>What DescribeKey tells about a CMK.</summary>
/// <param name="KeyId">UUID of the CMK.</param>
/// <param name="Arn">Its resource name.</param>
/// <param name="State">Where it is in its life cycle.</param>
/// <param name="Spec">The kind of key.</param>
/// <param name="Usage">What it is for.</param>
/// <param name="Origin">Who made the material.</param>
/// <param name="ProtectionLevel">Where the material may exist in plaintext.</param>
/// <param name="Description">0 to 8192 characters.</param>
/// <param name="Creator">Account id of the creator.</param>
/// <param name="CreatedAt">When it was made (UTC).</param>
/// <param name="PrimaryVersion">The version that encrypts; empty for an asymmetric CMK, whose callers name a version in each call, and for one without material.</param>
/// <param name="LastRotatedAt">When the newest version was made (UTC).</param>
/// <param name="DeletesAt">When it will be destroyed (UTC); only while it is pending deletion.</param>
/// <param name="MaterialExpiresAt">When imported material expires (UTC), if it does.</param>
/// <param name="Rotation">Whether it makes new versions by itself.</param>
/// <param name="RotationInterval">How long after a version the next one is made; only with <see cref="AutomaticRotation.Enabled"/> or Suspended.</param>
/// <param name="NextRotationAt">When the next version is due (UTC); only with <see cref="AutomaticRotation.Enabled"/> or Suspended.</param>
/// <param name="IsDeletionProtected">Whether its deletion cannot be scheduled.</param>
/// <param name="DeletionProtectionDescription">Why it is protected, in its user's words; may be empty.</param>
/// <param name="IsImportedOutsideHsm">Whether material of level HSM was in the memory of a silo for a moment when it was imported.</param>
[GenerateSerializer, Immutable, Alias("kms.key-metadata")]
public sealed record KeyMetadata(
    [property: Id(0)] Guid KeyId,
    [property: Id(1)] string Arn,
    [property: Id(2)] KeyState State,
    [property: Id(3)] KeySpec Spec,
    [property: Id(4)] KeyUsage Usage,
    [property: Id(5)] KeyOrigin Origin,
    [property: Id(6)] ProtectionLevel ProtectionLevel,
    [property: Id(7)] string Description,
    [property: Id(8)] string Creator,
    [property: Id(9)] DateTimeOffset CreatedAt,
    [property: Id(10)] Guid PrimaryVersion,
    [property: Id(11)] DateTimeOffset LastRotatedAt,
    [property: Id(12)] DateTimeOffset? DeletesAt,
    [property: Id(13)] DateTimeOffset? MaterialExpiresAt,
    [property: Id(14)] AutomaticRotation Rotation,
    [property: Id(15)] TimeSpan? RotationInterval,
    [property: Id(16)] DateTimeOffset? NextRotationAt,
    [property: Id(17)] bool IsDeletionProtected,
    [property: Id(18)] string DeletionProtectionDescription,
    [property: Id(19)] bool IsImportedOutsideHsm);
