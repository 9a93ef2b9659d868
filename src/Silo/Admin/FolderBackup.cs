using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Silo.Embedded;
using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Silo.Admin;

/// <summary>
/// Copies a data folder as it is at one instant. Writers stand still only while a snapshot of each database is opened, some milliseconds; then they go on, and the snapshots
/// are copied.
/// </summary>
/// <param name="folder">The data folder.</param>
/// <param name="storage">Holds up grain state; null if no service runs.</param>
/// <param name="writer">Holds up the service's own tables; likewise.</param>
/// <param name="clock">The time.</param>
internal sealed class FolderBackup(DataFolder folder, GatedGrainStorage? storage, BatchWriter? writer, TimeProvider clock)
{
    private const string Unfinished = ".unfinished";

    /// <summary>Makes the backup; it appears under its name complete and on disk, or not at all.</summary>
    /// <param name="to">A folder that there is not yet.</param>
    /// <param name="withToken">Whether the token and its PINs are in it.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<string> Make(string to, bool withToken, CancellationToken cancellation)
    {
        to = Path.GetFullPath(to).TrimEnd('/');
        if (Path.Exists(to)) throw new StartupException($"{to} is there already; name a folder that is not.");
        if (to.StartsWith(folder.Path + '/', StringComparison.Ordinal)) throw new StartupException($"{to} is inside the data folder; name one outside it.");
        if (withToken && !Directory.Exists(folder.Hsm)) throw new StartupException($"{folder.Path} has no token in it: back up your token by its vendor's means, and the data --without-token.");
        var work = $"{to}{Unfinished}-{Guid.NewGuid():N}";
        SecretFile.CreateFolders(work);
        try
        {
            var manifest = await Copy(work, withToken, cancellation);
            manifest.Write(work);
            SoftHsmToken.Flush();
            Directory.Move(work, to);
            SoftHsmToken.Flush();
            return $"{to}: {manifest.Files.Count} files, root key in use {KeyTemplate.RootKeyLabel(manifest.RootKeyVersion)}, {(withToken ? "token and PINs in it: whoever has this backup can open everything" : "without the token")}";
        }
        catch
        {
            Directory.Delete(work, recursive: true);
            throw;
        }
    }

    private async Task<BackupManifest> Copy(string to, bool withToken, CancellationToken cancellation)
    {
        // Before the databases: a credentials file appears after its access key is durable, so none names one that is not in the snapshot.
        foreach (var file in Directory.Exists(folder.Accounts) ? Directory.EnumerateFiles(folder.Accounts, "*.json") : []) CopyFile(file, Path.Combine(to, "accounts", Path.GetFileName(file)));
        if (File.Exists(folder.Credentials)) CopyFile(folder.Credentials, Path.Combine(to, Path.GetFileName(folder.Credentials)));
        if (withToken)
        {
            foreach (var file in Directory.EnumerateFiles(folder.Hsm, "*", SearchOption.AllDirectories)) CopyTokenFile(file, Path.Combine(to, "hsm", Path.GetRelativePath(folder.Hsm, file)));
        }
        var at = clock.GetUtcNow();
        var snapshots = await Snapshots();
        try
        {
            foreach (var (file, snapshot) in snapshots)
            {
                cancellation.ThrowIfCancellationRequested();
                await Task.Run(() => CopyDatabase(snapshot, Path.Combine(to, Path.GetFileName(file.Path))), cancellation);
            }
        }
        finally { Close(snapshots); }
        var kms = new SqliteFile(Path.Combine(to, Path.GetFileName(folder.Kms.Path)), "Kms", 1);
        var serviceKey = new ServiceSecrets(kms.DataSource()).Find(ServiceSecrets.ServiceKey) ?? throw new StartupException($"{folder.Path} has no service key yet: start the service once.");
        SqliteConnection.ClearAllPools();
        return BackupManifest.Of(to, at, serviceKey.RootKeyVersion, withToken);
    }

    // Grain state stands still at its gate, and the service's own tables because their one writer is at this. Reminders only wake keys, whose own state says when: any instant will do.
    // The trail goes on, and is the last: an intent is in it before its change is made, so each change that is in a snapshot before has its event or its intent in this one; and
    // of changes an event is recorded when they are durable, so it tells of none that came after those snapshots. Were it the first, changes made in between had neither.
    private async Task<List<(SqliteFile File, SqliteConnection Snapshot)>> Snapshots()
    {
        if (storage is null || writer is null) return Open();
        return await storage.WithoutWrites(() => writer.Execute(_ => Open()));
    }

    private List<(SqliteFile File, SqliteConnection Snapshot)> Open()
    {
        var opened = new List<(SqliteFile, SqliteConnection)>();
        try
        {
            foreach (var file in folder.Databases.Except([folder.Trail]).Append(folder.Trail)) opened.Add((file, Snapshot(file)));
            return opened;
        }
        catch
        {
            Close(opened);
            throw;
        }
    }

    private static SqliteConnection Snapshot(SqliteFile file)
    {
        var connection = new SqliteConnection(file.ConnectionString + ";Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        // A deferred transaction has a snapshot from its first read on.
        command.CommandText = "BEGIN DEFERRED; SELECT COUNT(*) FROM sqlite_schema";
        command.ExecuteScalar();
        return connection;
    }

    private static void Close(List<(SqliteFile File, SqliteConnection Snapshot)> snapshots)
    {
        foreach (var (_, snapshot) in snapshots) snapshot.Dispose();
    }

    private static void CopyDatabase(SqliteConnection snapshot, string to)
    {
        using (File.Open(to, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite })) { }
        using var copy = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = to, Pooling = false }.ToString());
        copy.Open();
        snapshot.BackupDatabase(copy);
    }

    // What the token keeps of the trail is replaced while the service runs. Keys are not: no other command runs meanwhile.
    private static void CopyTokenFile(string from, string to)
    {
        try { CopyFile(from, to); }
        catch (FileNotFoundException) { }
    }

    private static void CopyFile(string from, string to)
    {
        SecretFile.CreateFolders(Path.GetDirectoryName(to)!);
        var content = File.ReadAllBytes(from);
        try { SecretFile.Write(to, content); }
        finally { CryptographicOperations.ZeroMemory(content); }
    }
}
