using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Orleans.Kms.Cluster.Tests.Processes;

/// <summary>An authority and one certificate of it, for all Orleans processes of a cluster, as PEM files.</summary>
internal sealed record Certificates(string AuthorityFile, string CertificateFile, string KeyFile)
{
    private const string ServerName = "orleans-kms";
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    /// <summary>Makes them in a folder.</summary>
    public static Certificates Make(string folder)
    {
        var now = TimeProvider.System.GetUtcNow();
        // Days pass in some tests.
        var (from, to) = (now.AddDays(-1), now.AddYears(1));
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=Orleans.Kms test authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using var authority = authorityRequest.CreateSelfSigned(from, to);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={ServerName}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(ServerName);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(ServerUse), new(ClientUse)], false));
        using var certificate = request.Create(authority, from, to.AddDays(-1), [1]);

        return new(Write(folder, "authority.pem", authority.ExportCertificatePem()), Write(folder, "cluster.pem", certificate.ExportCertificatePem()), Write(folder, "cluster.key", key.ExportPkcs8PrivateKeyPem()));
    }

    private static string Write(string folder, string name, string content)
    {
        var path = Path.Combine(folder, name);
        using var file = new StreamWriter(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        file.Write(content);
        return path;
    }
}
