using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Orleans.Kms.Manifests.Tests.Rendering;

namespace Orleans.Kms.Manifests.Tests.Containers;

/// <summary>Issues certificates as cert-manager's resources ask for them.</summary>
internal sealed class Authority : IDisposable
{
    private static readonly Dictionary<string, string> Usages = new() { ["server auth"] = "1.3.6.1.5.5.7.3.1", ["client auth"] = "1.3.6.1.5.5.7.3.2" };

    public Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        Certificate = request.CreateSelfSigned(Now.AddMinutes(-5), Now.AddDays(2));
    }

    /// <summary>The authority's own certificate.</summary>
    public X509Certificate2 Certificate { get; }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>The secret that cert-manager would make.</summary>
    public IReadOnlyDictionary<string, byte[]> Issue(CertificateSpec spec) => Issue(spec.DnsNames!, [.. spec.Usages!.Where(Usages.ContainsKey).Select(usage => Usages[usage])]);

    /// <summary>The secret of a server with these names or addresses.</summary>
    public IReadOnlyDictionary<string, byte[]> IssueServer(params IReadOnlyList<string> names) => Issue(names, [Usages["server auth"]]);

    public void Dispose() => Certificate.Dispose();

    private Dictionary<string, byte[]> Issue(IReadOnlyList<string> names, IReadOnlyList<string> usages)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // cert-manager gives no subject where none is asked for.
        var request = new CertificateRequest(new X500DistinguishedName(""), key, HashAlgorithmName.SHA256);
        var alternative = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (System.Net.IPAddress.TryParse(name, out var address)) alternative.AddIpAddress(address);
            else alternative.AddDnsName(name);
        }
        request.CertificateExtensions.Add(alternative.Build(critical: true));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. usages.Select(usage => new Oid(usage))], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        using var certificate = request.Create(Certificate, Now.AddMinutes(-5), Now.AddDays(1), RandomNumberGenerator.GetBytes(16));
        return new()
        {
            ["tls.crt"] = Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()),
            ["tls.key"] = Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()),
            ["ca.crt"] = Encoding.ASCII.GetBytes(Certificate.ExportCertificatePem()),
        };
    }
}
