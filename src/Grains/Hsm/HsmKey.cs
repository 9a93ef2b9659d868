namespace Orleans.Kms.Grains.Hsm;

/// <summary>A key version whose material exists in clear inside the token only.</summary>
/// <param name="KeyVersionId">Names the unwrapped key in a lane's cache, so an id must never be used for two materials.</param>
/// <param name="Wrapped">The material.</param>
[GenerateSerializer, Immutable, Alias("kms.hsm-key")]
internal sealed record HsmKey([property: Id(0)] Guid KeyVersionId, [property: Id(1)] WrappedKey Wrapped);
