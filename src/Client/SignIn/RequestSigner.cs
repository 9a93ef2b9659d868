using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Orleans.Kms.Access;

namespace Orleans.Kms.Client.SignIn;

/// <summary>
/// Signs the request that makes a client known. What is signed begins with words that no request of the HTTP API begins with, so neither can be passed off as the other.
/// </summary>
internal static class RequestSigner
{
    private const int NonceBytes = 16;

    /// <summary>A request with a nonce that was never used.</summary>
    public static SignedRequest Sign(KmsCredentials credentials, RequestFacts facts, DateTimeOffset now)
    {
        var nonce = RandomNumberGenerator.GetHexString(2 * NonceBytes, lowercase: true);
        var text = string.Create(CultureInfo.InvariantCulture, $"Orleans.Kms sign-in 1\n{credentials.AccessKeyId}\n{now.ToUnixTimeMilliseconds()}\n{nonce}\n{facts.SourceIp}");
        var signed = Encoding.UTF8.GetBytes(text);
        var secret = Encoding.UTF8.GetBytes(credentials.AccessKeySecret);
        try
        {
            var signature = HMACSHA256.HashData(secret, signed);
            return new(SignatureMethod.Acs3HmacSha256, signed, signature, now, nonce, facts, credentials.SecurityToken);
        }
        finally { CryptographicOperations.ZeroMemory(secret); }
    }
}
