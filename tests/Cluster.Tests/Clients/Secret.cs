namespace Orleans.Kms.Cluster.Tests.Clients;

/// <summary>What was encrypted and what came of it, both as the service takes and gives them.</summary>
internal sealed record Secret(string KeyId, string Plaintext, string Blob);
