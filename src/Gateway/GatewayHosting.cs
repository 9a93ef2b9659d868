using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Kms.Gateway.Protocol;

namespace Orleans.Kms.Gateway;

/// <summary>How a program hosts the gateway.</summary>
public static class GatewayHosting
{
    /// <summary>How long a grain call may take: longer than any that the service makes inside itself, shorter than any client waits.</summary>
    public static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(15);

    private const int MaxHeadersBytes = 64 * 1024;
    private const int MaxHeaders = 100;

    /// <summary>Adds the gateway's services. The host adds <see cref="GatewayOptions"/> and a cluster to call.</summary>
    public static IServiceCollection AddKmsGateway(this IServiceCollection services) => services
        .AddSingleton<GatewayMetrics>().AddSingleton<GrainReferences>().AddSingleton<SiloRetry>().AddSingleton<KmsEndpoint>();

    /// <summary>Serves the API on <c>/</c>, for every HTTP method: what is no call gets an answer of the API too.</summary>
    public static void MapKmsGateway(this WebApplication app)
    {
        // The framework's own switch, an environment variable that some images set, would let everybody name any address.
        app.Configuration["ForwardedHeaders_Enabled"] = "false";
        app.UseTrustedProxies(app.Services.GetRequiredService<IOptions<GatewayOptions>>().Value.TrustedProxies);
        var endpoint = app.Services.GetRequiredService<KmsEndpoint>();
        app.Map("/", (RequestDelegate)endpoint.Handle);
    }

    /// <summary>Sets address, TLS and limits of the server.</summary>
    /// <exception cref="InvalidOperationException">An address or the PEM files cannot be used; the message says which.</exception>
    public static void UseKmsGateway(this KestrelServerOptions server, GatewayOptions options)
    {
        server.AddServerHeader = false;
        // The limit is RequestBody's. What is somewhat longer Kestrel reads to its end and throws away: a client cut off while it sends would not see the answer.
        server.Limits.MaxRequestBodySize = options.MaxBodyBytes * 16L;
        server.Limits.MaxRequestLineSize = options.MaxRequestLineBytes;
        server.Limits.MaxRequestBufferSize = Math.Max(1024 * 1024, options.MaxRequestLineBytes * 2L);
        // In HTTP/2 the path is a header too.
        server.Limits.MaxRequestHeadersTotalSize = MaxHeadersBytes + options.MaxRequestLineBytes;
        server.Limits.MaxRequestHeaderCount = MaxHeaders;
        server.Limits.Http2.MaxRequestHeaderFieldSize = options.MaxRequestLineBytes;
        if (!IPAddress.TryParse(options.Address, out var address)) throw new InvalidOperationException($"Kms:Gateway:Address {options.Address} is no IP address.");
        var certificate = Certificate(options);
        server.Listen(address, options.Port, listen =>
        {
            // HTTP/2 is agreed on in the TLS handshake.
            listen.Protocols = certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
            if (certificate is not null) listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificate = certificate.Value.Leaf, ServerCertificateChain = certificate.Value.Chain });
        });
    }

    private static (X509Certificate2 Leaf, X509Certificate2Collection Chain)? Certificate(GatewayOptions options)
    {
        if (string.IsNullOrEmpty(options.CertificateFile) && string.IsNullOrEmpty(options.KeyFile)) return null;
        if (string.IsNullOrEmpty(options.CertificateFile) || string.IsNullOrEmpty(options.KeyFile)) throw new InvalidOperationException("Kms:Gateway:CertificateFile and Kms:Gateway:KeyFile belong together.");
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(options.CertificateFile);
            return (X509Certificate2.CreateFromPemFile(options.CertificateFile, options.KeyFile), chain);
        }
        catch (Exception e) when (e is System.Security.Cryptography.CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"{options.CertificateFile} and {options.KeyFile} are no usable PEM pair ({e.Message})");
        }
    }
}
