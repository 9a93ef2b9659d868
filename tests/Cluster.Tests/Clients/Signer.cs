using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Orleans.Kms.Cluster.Tests.Clients;

/// <summary>Signs requests with RPC signature 1.0, everything in the form.</summary>
internal sealed class Signer(Credentials credentials, TimeProvider clock)
{
    private readonly byte[] _key = Encoding.ASCII.GetBytes(credentials.AccessKeySecret + "&");

    /// <summary>The form of a request, with a time and a nonce of its own.</summary>
    public string Form(string action, string version, IEnumerable<(string Name, string Value)> parameters)
    {
        (string Name, string Value)[] all =
        [
            ("AccessKeyId", credentials.AccessKeyId), ("Action", action), ("Format", "JSON"), ("SignatureMethod", "HMAC-SHA1"), ("SignatureNonce", Guid.NewGuid().ToString("N")),
            ("SignatureVersion", "1.0"), ("Timestamp", clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)), ("Version", version), .. parameters,
        ];
        var list = string.Join('&', all.OrderBy(parameter => parameter.Name, StringComparer.Ordinal).Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value)}"));
        var signature = Convert.ToBase64String(HMACSHA1.HashData(_key, Encoding.ASCII.GetBytes($"POST&%2F&{Uri.EscapeDataString(list)}")));
        return $"{list}&Signature={Uri.EscapeDataString(signature)}";
    }
}
