namespace Orleans.Kms.Access;

/// <summary>The outcome of a good signature.</summary>
/// <param name="AccountId">The account that the access key belongs to, 16 digits.</param>
/// <param name="Token">Proof of the caller for the calls that follow.</param>
[GenerateSerializer, Immutable, Alias("kms.authentication")]
public sealed record Authentication([property: Id(0)] string AccountId, [property: Id(1)] CallerToken Token);
