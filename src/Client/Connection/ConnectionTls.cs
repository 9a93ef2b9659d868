using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;

namespace Orleans.Kms.Client.Connection;

/// <summary>Mutual TLS with the silos. The files are read for each connection, so that new certificates are used without a restart.</summary>
internal static class ConnectionTls
{
    /// <summary>The name that the certificate of every silo is for.</summary>
    public const string TargetHost = "orleans-kms";

    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Shows the client's certificate, and lets only silos answer that the authorities have certified.</summary>
    public static void UseMutualTls(this IClientBuilder client, KmsClientOptions options) => client.UseTls(tls =>
    {
        tls.LocalClientCertificateSelector = (_, _, _, _, _) => X509Certificate2.CreateFromPemFile(options.CertificateFile, options.KeyFile);
        tls.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.OnAuthenticateAsClient = (_, handshake) => handshake.TargetHost = TargetHost;
        tls.RemoteCertificateValidation = (certificate, chain, errors) => IsTrusted(certificate, chain, errors, options.AuthorityFile);
    });

    // The system's authorities have no say, so their verdict on the chain is replaced; that on the name stands.
    private static bool IsTrusted(X509Certificate2 certificate, X509Chain? sent, SslPolicyErrors errors, string authorityFile)
    {
        if ((errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None) return false;
        using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(authorityFile);
        if (sent is not null) chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        return chain.Build(certificate);
    }
}
