using System.Security.Cryptography;
using Orleans.Kms.Access;

namespace Orleans.Kms.Gateway.Signing;

/// <summary>The claim that an access key signed a request. Wiped when the request ends: the texts quote every parameter.</summary>
/// <param name="AccessKeyId">The access key.</param>
/// <param name="Request">What the access key's grain checks.</param>
/// <param name="Canonical">What the caller should have signed, shown when the signature does not match: the string to sign, for ACS3 the canonical request.</param>
internal sealed record SignedClaim(string AccessKeyId, SignedRequest Request, byte[] Canonical) : IDisposable
{
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(Request.StringToSign);
        CryptographicOperations.ZeroMemory(Canonical);
    }

    public override string ToString() => $"claim of {AccessKeyId}";
}
