using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Orleans.Kms.Cluster.Tests.Processes;

/// <summary>An authority, and a certificate of it for silos and one for gateways, as PEM files.</summary>
internal sealed record Certificates(string AuthorityFile, KeyPairFiles Silo, KeyPairFiles Gateway)
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    /// <summary>Makes them in a folder.</summary>
    public static Certificates Make(string folder)
    {
        var now = TimeProvider.System.GetUtcNow();
        // Weeks pass in some tests.
        var (from, to) = (now.AddDays(-1), now.AddYears(1));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Orleans.Kms test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using var authority = request.CreateSelfSigned(from, to);
        return new(Write(folder, "authority.pem", authority.ExportCertificatePem()), Issue(folder, authority, "orleans-kms", 1), Issue(folder, authority, "orleans-kms-gateway", 2));
    }

    private static KeyPairFiles Issue(string folder, X509Certificate2 authority, string name, byte serialNumber)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(ServerUse), new(ClientUse)], false));
        using var certificate = request.Create(authority, authority.NotBefore, authority.NotAfter, [serialNumber]);
        return new(Write(folder, $"{name}.pem", certificate.ExportCertificatePem()), Write(folder, $"{name}.key", key.ExportPkcs8PrivateKeyPem()));
    }

    private static string Write(string folder, string name, string content)
    {
        var path = Path.Combine(folder, name);
        using var file = new StreamWriter(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        file.Write(content);
        return path;
    }
}
