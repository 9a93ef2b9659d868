using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Orleans.Kms.Gateway;

/// <summary>
/// The proxies whose word about the caller counts. Of <c>X-Forwarded-For</c> the right-most address that is no such proxy's is the caller's: what is left of it, the caller itself
/// may have written.
/// </summary>
internal static class TrustedProxies
{
    /// <summary>Reads an address or a CIDR range, in the one form that everybody reads alike: <c>10.1</c> or <c>010.0.0.1</c> is neither.</summary>
    public static bool TryParse(string text, out IPNetwork network)
    {
        network = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var start = slash < 0 ? text : text[..slash];
        if (!start.All(c => char.IsAsciiHexDigit(c) || c is '.' or ':') || !IPAddress.TryParse(start, out var address)) return false;
        if (address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != start) return false;
        return IPNetwork.TryParse(slash >= 0 ? text : start + (address.AddressFamily == AddressFamily.InterNetwork ? "/32" : "/128"), out network);
    }

    /// <summary>Puts the caller's address and scheme into the request, if it comes from such a proxy. Without any, headers are not looked at.</summary>
    public static void UseTrustedProxies(this IApplicationBuilder app, IReadOnlyList<string> proxies)
    {
        // Without a list the middleware would trust everybody.
        if (proxies.Count == 0) return;
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var text in proxies)
        {
            if (!TryParse(text, out var network)) throw new InvalidOperationException(Malformed(text));
            options.KnownIPNetworks.Add(network);
        }
        app.UseForwardedHeaders(options);
    }

    /// <summary>What to tell whoever set something else.</summary>
    public static string Malformed(string text) => $"Kms:Gateway:TrustedProxies: '{text}' is no address and no range of addresses such as 10.0.0.0/8";
}
