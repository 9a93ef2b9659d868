namespace Orleans.Kms.Access;

/// <summary>How a request is signed. The key is the access key secret, for the RPC 1.0 methods followed by <c>&amp;</c>.</summary>
public enum SignatureMethod
{
    /// <summary>RPC signature 1.0 with HMAC-SHA1.</summary>
    HmacSha1,
    /// <summary>RPC signature 1.0 with HMAC-SHA256.</summary>
    HmacSha256,
    /// <summary>ACS3-HMAC-SHA256, the signature in headers.</summary>
    Acs3HmacSha256,
}
