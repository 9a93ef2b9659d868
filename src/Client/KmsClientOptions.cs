using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orleans.Kms.Access;

namespace Orleans.Kms.Client;

/// <summary>Where the service is, and who calls it. Read once, when the client is made, but for the credentials.</summary>
public sealed class KmsClientOptions
{
    /// <summary>Gateway endpoints of silos, <c>host:port</c> each. Either these or <see cref="Database"/>.</summary>
    public IList<string> Gateways { get; } = [];

    /// <summary>PostgreSQL connection string of a role that may read the cluster's membership, which tells the gateway endpoints. Secret.</summary>
    public string Database { get; set; } = "";

    /// <summary>The cluster's id. Default <c>kms</c>.</summary>
    public string ClusterId { get; set; } = "kms";

    /// <summary>PEM file of this client's certificate. With <see cref="KeyFile"/> and <see cref="AuthorityFile"/>: mutual TLS, needed unless all gateways are on loopback.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>PEM file of the certificate's private key.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>PEM file of the authorities whose certificates silos may show, for the name <c>orleans-kms</c>. No others are trusted.</summary>
    public string AuthorityFile { get; set; } = "";

    /// <summary>The access key's id.</summary>
    public string AccessKeyId { get; set; } = "";

    /// <summary>The access key's secret.</summary>
    public string AccessKeySecret { get; set; } = "";

    /// <summary>The token of temporary credentials; empty for an access key.</summary>
    public string SecurityToken { get; set; } = "";

    /// <summary>JSON file with <c>AccessKeyId</c>, <c>AccessKeySecret</c> and perhaps <c>SecurityToken</c>, read at every sign-in. Takes the place of the three settings.</summary>
    public string CredentialsFile { get; set; } = "";

    /// <summary>Gives the credentials, asked at every sign-in: for temporary ones that are renewed. Takes the place of the other settings.</summary>
    public Func<CancellationToken, ValueTask<KmsCredentials>>? Credentials { get; set; }

    /// <summary>What the trail and policies are told as the user agent, up to 512 characters. Default the package's name.</summary>
    public string UserAgent { get; set; } = "Orleans.Kms.Client";

    /// <summary>How long a call that is repeated may take altogether. Default 30 seconds, from 1 second to 5 minutes.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one try waits for its answer. Default 10 seconds, from 1 second to <see cref="CallTimeout"/>.</summary>
    public TimeSpan TryTimeout { get; set; } = TimeSpan.FromSeconds(10);

    internal bool IsEncrypted => CertificateFile.Length > 0;

    /// <summary>What is wrong with the settings; nothing, if they can be used.</summary>
    internal IEnumerable<string> Faults()
    {
        if (Gateways.Count > 0 == Database.Length > 0) yield return "set either Gateways or Database";
        foreach (var gateway in Gateways)
        {
            if (!Connection.GatewayEndpoint.TryParse(gateway, out _)) yield return $"the gateway '{gateway}' is no host:port";
        }
        if (ClusterId.Length == 0) yield return "ClusterId is empty";
        foreach (var fault in TlsFaults()) yield return fault;
        if (new[] { AccessKeyId.Length > 0 || AccessKeySecret.Length > 0 || SecurityToken.Length > 0, CredentialsFile.Length > 0, Credentials is not null }.Count(isSet => isSet) != 1)
        {
            yield return "set one of AccessKeyId and AccessKeySecret, CredentialsFile, Credentials";
        }
        if (AccessKeyId.Length > 0 != AccessKeySecret.Length > 0 || (SecurityToken.Length > 0 && AccessKeyId.Length == 0)) yield return "AccessKeyId and AccessKeySecret belong together";
        if (SecurityToken.Length > SignedRequest.MaxSecurityTokenLength) yield return $"SecurityToken has more than {SignedRequest.MaxSecurityTokenLength} characters";
        if (UserAgent.Length is 0 or > 512) yield return "UserAgent has 1 to 512 characters";
        if (CallTimeout < TimeSpan.FromSeconds(1) || CallTimeout > TimeSpan.FromMinutes(5)) yield return "CallTimeout is from 1 second to 5 minutes";
        if (TryTimeout < TimeSpan.FromSeconds(1) || TryTimeout > CallTimeout) yield return "TryTimeout is from 1 second to CallTimeout";
    }

    private IEnumerable<string> TlsFaults()
    {
        string[] files = [CertificateFile, KeyFile, AuthorityFile];
        if (files.Any(file => file.Length > 0) && files.Any(file => file.Length == 0)) yield return "CertificateFile, KeyFile and AuthorityFile belong together";
        else if (Database.Length > 0 && !IsEncrypted) yield return "a cluster needs TLS: set CertificateFile, KeyFile and AuthorityFile";
        else if (IsEncrypted && PemFault() is { } fault) yield return fault;
    }

    private string? PemFault()
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPemFile(CertificateFile, KeyFile);
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(AuthorityFile);
            return authorities.Count > 0 ? null : $"{AuthorityFile} holds no certificate";
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException) { return $"certificate, key and authorities are no usable PEM files ({e.Message})"; }
    }
}
