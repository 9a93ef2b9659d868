using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Silo.Embedded;

/// <summary>What a client needs to sign in as an account's root; the content of <c>accounts/ID.json</c>.</summary>
/// <param name="AccessKeyId"><c>LTAI</c> and 20 letters and digits.</param>
/// <param name="AccessKeySecret">30 letters and digits. Never logged.</param>
/// <param name="AccountId">16 digits.</param>
/// <param name="RegionId">The region of this service.</param>
/// <param name="Endpoint">The URL that clients call.</param>
internal sealed partial record Credentials(string AccessKeyId, string AccessKeySecret, string AccountId, string RegionId, string Endpoint)
{
    /// <summary>Reads a file; null if there is none.</summary>
    /// <exception cref="StartupException">The file is there but holds no credentials.</exception>
    public static Credentials? Read(string path)
    {
        if (!File.Exists(path)) return null;
        try
        {
            var read = JsonSerializer.Deserialize(File.ReadAllBytes(path), Json.Default.Credentials);
            return read is { AccessKeyId: not null, AccessKeySecret: not null, AccountId: not null } ? read : throw Unusable(path);
        }
        catch (JsonException)
        {
            throw Unusable(path);
        }
    }

    /// <summary>Writes a file that only its owner reads; whole or not at all.</summary>
    public void Write(string path) => SecretFile.Write(path, [.. JsonSerializer.SerializeToUtf8Bytes(this, Json.Default.Credentials), (byte)'\n']);

    /// <summary>On one line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, OneLine.Default.Credentials);

    public override string ToString() => $"credentials of account {AccountId}";

    private static StartupException Unusable(string path) => new($"{path} holds no credentials; restore it, or remove it to have a new access key made.");

    [JsonSourceGenerationOptions(WriteIndented = true)]
    [JsonSerializable(typeof(Credentials))]
    private sealed partial class Json : JsonSerializerContext;

    [JsonSerializable(typeof(Credentials))]
    private sealed partial class OneLine : JsonSerializerContext;
}
