using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>A key version whose material exists in clear inside the token only.</summary>
/// <param name="KeyVersionId">Names the unwrapped key in a lane's cache, so an id must never be used for two materials.</param>
/// <param name="Wrapped">The material: a secret key, or the private key of a pair.</param>
/// <param name="Spec">The kind of key.</param>
/// <param name="Usage">The one thing that the token lets the unwrapped key do.</param>
[GenerateSerializer, Immutable, Alias("kms.hsm-key")]
internal sealed record HsmKey(
    [property: Id(0)] Guid KeyVersionId, [property: Id(1)] WrappedKey Wrapped,
    [property: Id(2)] KeySpec Spec = KeySpec.Aes256, [property: Id(3)] KeyUsage Usage = KeyUsage.EncryptDecrypt);
