using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Silo.Admin;

/// <summary>What a backup holds; its file <c>manifest.json</c>.</summary>
/// <param name="Format">1.</param>
/// <param name="Version">The version of the program.</param>
/// <param name="TakenAt">The instant that the databases show (UTC).</param>
/// <param name="RootKeyVersion">The root key that wraps the service key; CMKs that were not re-wrapped need older ones, too.</param>
/// <param name="HasToken">Whether the token is in it.</param>
/// <param name="Files">SHA-256 in hexadecimal digits, by the path inside the backup.</param>
internal sealed partial record BackupManifest(int Format, string Version, DateTimeOffset TakenAt, int RootKeyVersion, bool HasToken, SortedDictionary<string, string> Files)
{
    private const string FileName = "manifest.json";
    private const int CurrentFormat = 1;

    /// <summary>Describes a folder.</summary>
    public static BackupManifest Of(string folder, DateTimeOffset takenAt, int rootKeyVersion, bool hasToken)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)) files[Path.GetRelativePath(folder, file)] = Hash(file);
        return new(CurrentFormat, typeof(BackupManifest).Assembly.GetName().Version!.ToString(3), takenAt, rootKeyVersion, hasToken, files);
    }

    /// <summary>Reads a backup's manifest and checks every file.</summary>
    /// <exception cref="StartupException">It is no backup, or not the one that was made.</exception>
    public static BackupManifest Check(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) throw new StartupException($"{folder} is no backup: it has no {FileName}.");
        BackupManifest? manifest;
        try { manifest = JsonSerializer.Deserialize(File.ReadAllBytes(path), ManifestJson.Default.BackupManifest); }
        catch (JsonException) { throw new StartupException($"{path} is damaged; use another backup."); }
        if (manifest is { Format: > CurrentFormat }) throw new StartupException($"{path} was written by a newer version of Orleans.Kms; use that version.");
        if (manifest is not { Format: CurrentFormat, Files.Count: > 0 }) throw new StartupException($"{path} is damaged; use another backup.");
        foreach (var (name, hash) in manifest.Files)
        {
            var file = Path.GetFullPath(Path.Combine(folder, name));
            if (!file.StartsWith(Path.GetFullPath(folder) + '/', StringComparison.Ordinal)) throw new StartupException($"{path} names a file outside the backup, {name}.");
            if (!File.Exists(file)) throw new StartupException($"{file} is missing; use another backup.");
            if (Hash(file) != hash) throw new StartupException($"{file} is not the file that was backed up; use another backup.");
        }
        return manifest;
    }

    /// <summary>Writes the manifest into the folder.</summary>
    public void Write(string folder) => SecretFile.Write(Path.Combine(folder, FileName), [.. JsonSerializer.SerializeToUtf8Bytes(this, ManifestJson.Default.BackupManifest), (byte)'\n']);

    private static string Hash(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexString(SHA256.HashData(file));
    }

    [JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(BackupManifest))]
    private sealed partial class ManifestJson : JsonSerializerContext;
}
