using System.Text.Json;

namespace Orleans.Kms.Client.SignIn;

/// <summary>Finds the credentials that the options name.</summary>
internal static class CredentialsSource
{
    private const int MaxFileBytes = 65536;

    /// <summary>The credentials as they are now.</summary>
    /// <exception cref="InvalidOperationException">The file holds none, or the application gave none.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async ValueTask<KmsCredentials> Read(KmsClientOptions options)
    {
        if (options.Credentials is { } ask) return await Ask(ask, options.CallTimeout);
        if (options.CredentialsFile.Length > 0) return await ReadFile(options.CredentialsFile);
        return new(options.AccessKeyId, options.AccessKeySecret, options.SecurityToken.Length > 0 ? options.SecurityToken : null);
    }

    private static async Task<KmsCredentials> Ask(Func<CancellationToken, ValueTask<KmsCredentials>> ask, TimeSpan timeout)
    {
        using var time = new CancellationTokenSource(timeout);
        try { return await ask(time.Token) ?? throw new InvalidOperationException("KmsClientOptions.Credentials gave none."); }
        catch (OperationCanceledException) { throw new TimeoutException("KmsClientOptions.Credentials gave none in time."); }
    }

    private static async Task<KmsCredentials> ReadFile(string path)
    {
        await using var file = File.OpenRead(path);
        if (file.Length > MaxFileBytes) throw NoCredentials(path);
        try
        {
            using var json = await JsonDocument.ParseAsync(file);
            var root = json.RootElement;
            var token = root.TryGetProperty("SecurityToken", out var property) ? property.GetString() : null;
            return new(Text(root, "AccessKeyId", path), Text(root, "AccessKeySecret", path), token);
        }
        // The text of the failure would quote the file.
        catch (Exception e) when (e is JsonException or InvalidOperationException) { throw NoCredentials(path); }
    }

    private static string Text(JsonElement root, string name, string path) =>
        root.TryGetProperty(name, out var property) && property.GetString() is { Length: > 0 } text ? text : throw NoCredentials(path);

    private static InvalidOperationException NoCredentials(string path) => new($"{path} holds no credentials: it needs AccessKeyId and AccessKeySecret.");
}
