using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Orleans.Kms.Manifests.Tests.Containers;

/// <summary>Signs requests with RPC signature 1.0, HMAC-SHA1, as <c>@alicloud/pop-core</c> does for POST.</summary>
internal sealed class Signer(string accessKeyId, string secret)
{
    private readonly byte[] _key = Encoding.ASCII.GetBytes(secret + "&");

    /// <summary>The form of a call.</summary>
    public StringContent Form(string action, params IReadOnlyList<(string Name, string Value)> parameters)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["AccessKeyId"] = accessKeyId, ["Action"] = action, ["Format"] = "JSON", ["SignatureMethod"] = "HMAC-SHA1", ["SignatureNonce"] = $"{Guid.NewGuid():N}", ["SignatureVersion"] = "1.0",
            ["Timestamp"] = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss'Z'", CultureInfo.InvariantCulture), ["Version"] = "2016-01-20",
        };
        foreach (var (name, value) in parameters) all[name] = value;
        var list = string.Join('&', all.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));
        var signature = Convert.ToBase64String(HMACSHA1.HashData(_key, Encoding.ASCII.GetBytes($"POST&%2F&{Uri.EscapeDataString(list)}")));
        return new($"{list}&Signature={Uri.EscapeDataString(signature)}", Encoding.ASCII, "application/x-www-form-urlencoded");
    }
}
