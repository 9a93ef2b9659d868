namespace Orleans.Kms.Cluster.Tests.Processes;

/// <summary>A certificate and its private key, as PEM files.</summary>
internal sealed record KeyPairFiles(string CertificateFile, string KeyFile);
