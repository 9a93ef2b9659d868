using System.ComponentModel.DataAnnotations;

namespace Orleans.Kms.Gateway;

/// <summary>Settings of the HTTP gateway, bound from <c>Kms:Gateway</c>.</summary>
public sealed class GatewayOptions : IValidatableObject
{
    /// <summary>The address to listen on. Default <c>127.0.0.1</c>: this machine only.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The port to listen on. Default 8080.</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 8080;

    /// <summary>PEM file of the server's certificate and its chain. With it and <see cref="KeyFile"/> the gateway speaks TLS, HTTP/2 included; without, plain HTTP/1.1.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM file of the certificate's private key.</summary>
    public string? KeyFile { get; set; }

    /// <summary>The region of this cluster. Set from <c>Kms:RegionId</c>.</summary>
    public string RegionId { get; set; } = "local-1";

    /// <summary>The regions that DescribeRegions lists. Set from <c>Kms:Regions</c>.</summary>
    public IReadOnlyList<string> RegionIds { get; set; } = ["local-1"];

    /// <summary>The largest body, in bytes. Default 256 KiB.</summary>
    [Range(16 * 1024, 16 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 256 * 1024;

    /// <summary>The longest request line, in bytes: many clients put every parameter into the URL. Default 128 KiB.</summary>
    [Range(8 * 1024, 1024 * 1024)]
    public int MaxRequestLineBytes { get; set; } = 128 * 1024;

    /// <summary>Addresses and CIDR ranges of the proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> count. Default none: the caller's address is the connection's.</summary>
    public IReadOnlyList<string> TrustedProxies { get; set; } = [];

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext) =>
        TrustedProxies.Where(text => !Gateway.TrustedProxies.TryParse(text, out _)).Select(text => new ValidationResult(Gateway.TrustedProxies.Malformed(text)));
}
