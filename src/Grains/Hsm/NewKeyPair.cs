namespace Orleans.Kms.Grains.Hsm;

/// <summary>A key pair that a token made.</summary>
/// <param name="Wrapped">The private key.</param>
/// <param name="PublicKey">The public key as SubjectPublicKeyInfo in DER.</param>
[GenerateSerializer, Immutable, Alias("kms.new-key-pair")]
internal sealed record NewKeyPair([property: Id(0)] WrappedKey Wrapped, [property: Id(1)] byte[] PublicKey);
