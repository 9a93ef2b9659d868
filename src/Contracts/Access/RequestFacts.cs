namespace Orleans.Kms.Access;

/// <summary>What the gateway saw of one request; policies and the trail use it.</summary>
/// <param name="RequestId">The id in the answer, a UUID in upper case.</param>
/// <param name="SourceIp">The caller's address.</param>
/// <param name="UserAgent">As sent, cut to 512 characters.</param>
/// <param name="Host">The host that was called, cut to 255 characters.</param>
/// <param name="SecureTransport">Whether the request came over TLS.</param>
[GenerateSerializer, Immutable, Alias("kms.request-facts")]
public sealed record RequestFacts(
    [property: Id(0)] string RequestId,
    [property: Id(1)] string SourceIp,
    [property: Id(2)] string UserAgent,
    [property: Id(3)] string Host,
    [property: Id(4)] bool SecureTransport);
