using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;

namespace Orleans.Kms.Gateway.Cluster;

/// <summary>
/// Mutual TLS on Orleans' connections. Each side shows a certificate of the cluster's authority; a silo's has a name of its own, which is asked for wherever the other side has to be a silo, so
/// that no gateway and no application can take a silo's place.
/// </summary>
internal sealed class ClusterTls
{
    /// <summary>The DNS name in the certificate of a silo.</summary>
    public const string SiloDnsName = "orleans-kms";

    private static readonly Oid ServerUse = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientUse = new("1.3.6.1.5.5.7.3.2");

    private readonly ClusterTlsOptions _files;
    private readonly Lock _lock = new();
    private (DateTime, DateTime, DateTime) _read;
    private X509Certificate2 _own;
    private X509Certificate2Collection _authorities;

    /// <exception cref="InvalidOperationException">The files are not all given, or cannot be used; the message says which.</exception>
    public ClusterTls(ClusterTlsOptions files)
    {
        if (files.CertificateFile.Length == 0 || files.KeyFile.Length == 0 || files.AuthorityFile.Length == 0)
        {
            throw new InvalidOperationException("a cluster needs Kms:Cluster:Tls:CertificateFile, KeyFile and AuthorityFile");
        }
        _files = files;
        try { (_own, _authorities) = Read(); }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"Kms:Cluster:Tls: {files.CertificateFile}, {files.KeyFile} and {files.AuthorityFile} are no usable PEM files ({e.Message})");
        }
        _read = LastChanges();
    }

    /// <summary>For connections to silos.</summary>
    public TlsOptions ToSilo() => Options(certificate => IsTrusted(certificate, ServerUse) && certificate.MatchesHostname(SiloDnsName, allowWildcards: false));

    /// <summary>For connections from silos.</summary>
    public TlsOptions FromSilo() => Options(certificate => IsTrusted(certificate, ClientUse) && certificate.MatchesHostname(SiloDnsName, allowWildcards: false));

    /// <summary>For connections from gateways and applications.</summary>
    public TlsOptions FromClient() => Options(certificate => IsTrusted(certificate, ClientUse));

    private TlsOptions Options(Func<X509Certificate2, bool> accepts) => new()
    {
        RemoteCertificateMode = RemoteCertificateMode.RequireCertificate,
        ClientCertificateMode = RemoteCertificateMode.RequireCertificate,
        // Asked for although the selectors count.
        LocalCertificate = Own(),
        LocalServerCertificateSelector = (_, _) => Own(),
        LocalClientCertificateSelector = (_, _, _, _, _) => Own(),
        RemoteCertificateValidation = (certificate, _, _) => accepts(certificate),
        OnAuthenticateAsClient = (_, client) => client.TargetHost = SiloDnsName,
    };

    private bool IsTrusted(X509Certificate2 certificate, Oid use)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(use);
        var authorities = Current().Authorities;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.ExtraStore.AddRange(authorities);
        return chain.Build(certificate);
    }

    private X509Certificate2 Own() => Current().Own;

    // A file that is half written is read again with the next connection; until then the last whole one counts.
    private (X509Certificate2 Own, X509Certificate2Collection Authorities) Current()
    {
        lock (_lock)
        {
            try
            {
                var changes = LastChanges();
                if (changes == _read) return (_own, _authorities);
                (_own, _authorities) = Read();
                _read = changes;
            }
            catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException) { }
            return (_own, _authorities);
        }
    }

    private (DateTime, DateTime, DateTime) LastChanges() => (LastChange(_files.CertificateFile), LastChange(_files.KeyFile), LastChange(_files.AuthorityFile));

    // Kubernetes gives links to links, and changes none of them but the one between.
    private static DateTime LastChange(string path) => File.GetLastWriteTimeUtc(new FileInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : path);

    private (X509Certificate2, X509Certificate2Collection) Read()
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(_files.AuthorityFile);
        return (X509Certificate2.CreateFromPemFile(_files.CertificateFile, _files.KeyFile), authorities);
    }
}
