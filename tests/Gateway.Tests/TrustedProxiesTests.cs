using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Kms.Gateway.Tests;

public sealed class TrustedProxiesTests
{
    [Theory]
    // Nobody is trusted unless it is said.
    [InlineData("", "192.0.2.1", "203.0.113.9", "https", "192.0.2.1 http")]
    [InlineData("", "127.0.0.1", "203.0.113.9", "https", "127.0.0.1 http")]
    [InlineData("10.0.0.0/8", "192.0.2.1", "203.0.113.9", "https", "192.0.2.1 http")]
    [InlineData("10.0.0.0/8", "127.0.0.1", "203.0.113.9", "https", "127.0.0.1 http")]
    // A trusted proxy tells address and scheme.
    [InlineData("10.0.0.0/8", "10.1.2.3", "203.0.113.9", "https", "203.0.113.9 https")]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", "203.0.113.9", "https", "203.0.113.9 https")]
    [InlineData("10.1.2.3", "10.1.2.3", "203.0.113.9", "http", "203.0.113.9 http")]
    [InlineData("10.1.2.3", "10.1.2.4", "203.0.113.9", "https", "10.1.2.4 http")]
    [InlineData("2001:db8::/32", "2001:db8::7", "2001:db9::1", "https", "2001:db9::1 https")]
    [InlineData("10.0.0.0/8", "10.1.2.3", "203.0.113.9:4711", "https", "203.0.113.9 https")]
    [InlineData("10.0.0.0/8", "10.1.2.3", "", "", "10.1.2.3 http")]
    [InlineData("10.0.0.0/8", "10.1.2.3", "", "https", "10.1.2.3 https")]
    // What stands left of the right-most untrusted address, the caller may have written.
    [InlineData("10.0.0.0/8", "10.1.2.3", "198.51.100.1, 203.0.113.9", "https", "203.0.113.9 https")]
    [InlineData("10.0.0.0/8", "10.1.2.3", "10.9.9.9, 203.0.113.9", "https", "203.0.113.9 https")]
    [InlineData("10.0.0.0/8", "10.1.2.3", "198.51.100.1, 203.0.113.9", "https, http", "203.0.113.9 http")]
    // A chain of them is gone through, however long.
    [InlineData("10.0.0.0/8", "10.1.2.3", "203.0.113.9, 10.0.0.3, 10.0.0.2, 10.0.0.1", "https", "203.0.113.9 https")]
    [InlineData("10.0.0.0/8", "10.1.2.3", "10.0.0.2, 10.0.0.1", "https", "10.0.0.2 https")]
    // What is no address ends it.
    [InlineData("10.0.0.0/8", "10.1.2.3", "unknown", "https", "10.1.2.3 http")]
    [InlineData("10.0.0.0/8", "10.1.2.3", "203.0.113.9, unknown, 10.0.0.1", "http", "10.0.0.1 http")]
    public async Task The_caller_is_whom_a_trusted_proxy_names(string proxies, string connection, string forwardedFor, string forwardedProto, string expected)
    {
        var app = new ApplicationBuilder(new ServiceCollection().AddLogging().AddOptions().BuildServiceProvider());
        app.UseTrustedProxies(proxies.Split(',', StringSplitOptions.RemoveEmptyEntries));
        app.Run(_ => Task.CompletedTask);
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Parse(connection);
        http.Request.Scheme = "http";
        if (forwardedFor.Length > 0) http.Request.Headers["X-Forwarded-For"] = forwardedFor;
        if (forwardedProto.Length > 0) http.Request.Headers["X-Forwarded-Proto"] = forwardedProto;
        http.Request.Headers["X-Forwarded-Host"] = "elsewhere";
        http.Request.Host = new("kms.example.com");

        await app.Build()(http);

        Assert.Equal(expected, $"{http.Connection.RemoteIpAddress} {http.Request.Scheme}");
        // The host is signed.
        Assert.Equal("kms.example.com", http.Request.Host.Value);
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1/32")]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("::1", "::1/128")]
    [InlineData("2001:DB8::/32", "2001:db8::/32")]
    public void Addresses_and_ranges_are_read(string text, string expected)
    {
        Assert.True(TrustedProxies.TryParse(text, out var network));
        Assert.Equal(expected, network.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("proxy.example.com")]
    [InlineData("10.0.0")]
    [InlineData("010.0.0.1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("10.0.0.1:80")]
    [InlineData("[::1]:80")]
    [InlineData("fe80::1%eth0")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0/8")]
    [InlineData("10.0.0.0/")]
    [InlineData("*")]
    [InlineData("10.0.0.1, 10.0.0.2")]
    public void What_two_readers_might_read_differently_is_neither(string text) => Assert.False(TrustedProxies.TryParse(text, out _));

    [Fact]
    public void A_malformed_list_does_not_start()
    {
        var app = new ApplicationBuilder(new ServiceCollection().BuildServiceProvider());
        Assert.Contains("'proxy'", Assert.Throws<InvalidOperationException>(() => app.UseTrustedProxies(["proxy"])).Message, StringComparison.Ordinal);
    }
}
