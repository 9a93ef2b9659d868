using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Orleans.Kms.Load;

/// <summary>Signs requests with RPC signature 1.0, HMAC-SHA1, everything in the form: as <c>@alicloud/pop-core</c> does for POST.</summary>
internal sealed class Signer(string accessKeyId, string secret, string? securityToken = null)
{
    private readonly byte[] _key = Encoding.ASCII.GetBytes(secret + "&");

    /// <summary>A whole HTTP request, with a nonce and a time of its own.</summary>
    /// <param name="action">The action.</param>
    /// <param name="parameters">Its parameters, encoded for the list.</param>
    /// <param name="version">The API's version.</param>
    public byte[] Request(string action, IReadOnlyList<(string Name, string Encoded)> parameters, string version = "2016-01-20")
    {
        var timestamp = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH'%3A'mm'%3A'ss'Z'", CultureInfo.InvariantCulture);
        List<(string Name, string Encoded)> all =
        [
            ("AccessKeyId", accessKeyId), ("Action", action), ("Format", "JSON"), ("SignatureMethod", "HMAC-SHA1"), ("SignatureNonce", Guid.NewGuid().ToString("N")),
            ("SignatureVersion", "1.0"), ("Timestamp", timestamp), ("Version", version), .. securityToken is null ? [] : new[] { ("SecurityToken", Uri.EscapeDataString(securityToken)) }, .. parameters,
        ];
        all.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        var list = string.Join('&', all.Select(p => $"{p.Name}={p.Encoded}"));
        var body = $"{list}&Signature={Uri.EscapeDataString(Sign($"POST&%2F&{Uri.EscapeDataString(list)}"))}";
        return Encoding.ASCII.GetBytes(
            $"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    [SuppressMessage("Security", "CA5350", Justification = "The API's signature 1.0 is HMAC-SHA1.")]
    private string Sign(string text) => Convert.ToBase64String(HMACSHA1.HashData(_key, Encoding.ASCII.GetBytes(text)));
}
