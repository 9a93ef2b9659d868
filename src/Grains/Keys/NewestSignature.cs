namespace Orleans.Kms.Grains.Keys;

/// <summary>What the newest version of an asymmetric CMK signed.</summary>
/// <param name="PublicKey">Its public key, SubjectPublicKeyInfo in DER.</param>
/// <param name="Signature">As AsymmetricSign gives it.</param>
[GenerateSerializer, Immutable, Alias("kms.newest-signature")]
internal sealed record NewestSignature([property: Id(0)] byte[] PublicKey, [property: Id(1)] byte[] Signature);
