using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Orleans.Kms.Client.Connection;

/// <summary>A silo's gateway endpoint as it is configured.</summary>
/// <param name="Host">A name or an address.</param>
/// <param name="Port">1 to 65535.</param>
internal sealed record GatewayEndpoint(string Host, int Port)
{
    /// <summary>Reads <c>host:port</c>; an IPv6 address is in brackets.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out GatewayEndpoint? endpoint)
    {
        endpoint = null;
        var colon = text.LastIndexOf(':');
        if (colon < 1 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535) return false;
        var host = text[..colon];
        if (host is ['[', .., ']']) host = host[1..^1];
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown) return false;
        endpoint = new(host, port);
        return true;
    }

    /// <summary>The addresses behind the name: those of IPv4, if it has any.</summary>
    public async Task<IReadOnlyList<IPEndPoint>> Resolve()
    {
        var addresses = await Dns.GetHostAddressesAsync(Host);
        var preferred = addresses.Where(address => address.AddressFamily == AddressFamily.InterNetwork).ToArray();
        return [.. (preferred.Length > 0 ? preferred : addresses).Select(address => new IPEndPoint(address, Port))];
    }
}
