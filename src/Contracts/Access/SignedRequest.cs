using Orleans.Kms.Trail;

namespace Orleans.Kms.Access;

/// <summary>What an access key grain needs to check one signed request. Never logged: the string to sign quotes every parameter.</summary>
/// <param name="Method">How the request is signed.</param>
/// <param name="StringToSign">UTF-8 bytes that the signature covers, put together by the gateway from the request as it arrived.</param>
/// <param name="Signature">The signature as bytes: 20 for HMAC-SHA1, 32 for the others. Any other length does not match.</param>
/// <param name="Timestamp">The request's own time; part of what is signed.</param>
/// <param name="Nonce">1 to <see cref="MaxNonceLength"/> characters; part of what is signed.</param>
/// <param name="Facts">What the gateway saw of the caller.</param>
/// <param name="SecurityToken">What came with temporary credentials, up to <see cref="MaxSecurityTokenLength"/> characters; null if nothing did. Secret.</param>
/// <param name="Action">What is called, for the trail: a request that fails here is told as a call of it.</param>
[GenerateSerializer, Immutable, Alias("kms.signed-request")]
public sealed record SignedRequest(
    [property: Id(0)] SignatureMethod Method,
    [property: Id(1)] byte[] StringToSign,
    [property: Id(2)] byte[] Signature,
    [property: Id(3)] DateTimeOffset Timestamp,
    [property: Id(4)] string Nonce,
    [property: Id(5)] RequestFacts Facts,
    [property: Id(6)] string? SecurityToken = null,
    [property: Id(7)] ApiAction? Action = null)
{
    /// <summary>The longest nonce accepted, in characters. Real clients send 32 to 64.</summary>
    public const int MaxNonceLength = 256;

    /// <summary>The longest security token accepted, in characters. Those of the service have some hundreds, with a long session policy up to 9000.</summary>
    public const int MaxSecurityTokenLength = 12288;

    /// <summary>The kind of request only: a record would print its properties, and these quote the caller's secrets.</summary>
    public override string ToString() => $"{nameof(SignedRequest)} {Method}";
}
