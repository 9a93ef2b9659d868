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
/// <param name="PrimaryVersion">The version that encrypts.</param>
/// <param name="LastRotatedAt">When the newest version was made (UTC).</param>
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
    [property: Id(11)] DateTimeOffset LastRotatedAt);
