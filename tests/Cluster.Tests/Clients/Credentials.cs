using System.Text.Json;

namespace Orleans.Kms.Cluster.Tests.Clients;

/// <summary>What an account's root signs with.</summary>
internal sealed record Credentials(string AccessKeyId, string AccessKeySecret)
{
    /// <summary>Reads what the service printed or wrote, a JSON object.</summary>
    public static Credentials Read(string json) => JsonSerializer.Deserialize<Credentials>(json) ?? throw new InvalidDataException("These are no credentials.");

    public override string ToString() => AccessKeyId;
}
