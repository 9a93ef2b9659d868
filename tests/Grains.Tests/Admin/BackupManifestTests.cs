using Orleans.Kms.Silo;
using Orleans.Kms.Silo.Admin;

namespace Orleans.Kms.Grains.Tests.Admin;

public sealed class BackupManifestTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kms-manifest-").FullName;

    public BackupManifestTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "accounts"));
        File.WriteAllText(Path.Combine(_folder, "kms.db"), "database");
        File.WriteAllText(Path.Combine(_folder, "accounts", "1.json"), "account");
        BackupManifest.Of(_folder, new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), rootKeyVersion: 4, hasToken: false).Write(_folder);
    }

    [Fact]
    public void A_backup_is_what_was_written()
    {
        var manifest = BackupManifest.Check(_folder);
        Assert.Equal((4, false), (manifest.RootKeyVersion, manifest.HasToken));
        Assert.Equal(["accounts/1.json", "kms.db"], manifest.Files.Keys);
    }

    [Fact]
    public void A_changed_file_is_told()
    {
        File.WriteAllText(Path.Combine(_folder, "kms.db"), "databasE");
        Refuse("kms.db is not the file that was backed up");
    }

    [Fact]
    public void A_missing_file_is_told()
    {
        File.Delete(Path.Combine(_folder, "accounts", "1.json"));
        Refuse("1.json is missing");
    }

    [Theory]
    [InlineData("\"accounts/1.json\"", "\"../1.json\"", "outside the backup"), InlineData("\"format\": 1", "\"format\": 2", "newer version")]
    [InlineData("\"format\": 1", "\"format\": 0", "damaged"), InlineData("{", "", "damaged")]
    public void A_changed_manifest_is_told(string text, string other, string reason)
    {
        var path = Path.Combine(_folder, "manifest.json");
        var manifest = File.ReadAllText(path);
        var at = manifest.IndexOf(text, StringComparison.Ordinal);
        File.WriteAllText(path, string.Concat(manifest.AsSpan(0, at), other, manifest.AsSpan(at + text.Length)));
        Refuse(reason);
    }

    [Fact]
    public void A_folder_without_manifest_is_no_backup()
    {
        File.Delete(Path.Combine(_folder, "manifest.json"));
        Refuse("is no backup");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Refuse(string reason) => Assert.Contains(reason, Assert.Throws<StartupException>(() => BackupManifest.Check(_folder)).Message, StringComparison.Ordinal);
}
