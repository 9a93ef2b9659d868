using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Silo.Admin;

/// <summary>Makes a data folder from a backup.</summary>
internal static class Restore
{
    public static AdminCommand Command { get; } = new(
        "restore", "makes the data folder --data from a backup, whose files it checks; the folder must not be there yet, or be empty",
        [new("--from", "DIR", "the backup", IsRequired: true)], Run);

    private static Task<int> Run(AdminContext context)
    {
        context.RequireFolder("restore");
        var from = Path.GetFullPath(context.Arguments.Text("--from"));
        var to = Path.GetFullPath(context.Arguments.DataFolder).TrimEnd('/');
        if (Directory.Exists(to) && Directory.EnumerateFileSystemEntries(to).Any()) throw new StartupException($"{to} is not empty: restore to a folder that is, or is not there yet.");
        var manifest = BackupManifest.Check(from);
        // A folder that is there may be a mount or a link: it stays, and is filled.
        var isThere = Directory.Exists(to);
        var work = isThere ? Path.Combine(to, $".unfinished-{Guid.NewGuid():N}") : $"{to}.unfinished-{Guid.NewGuid():N}";
        SecretFile.CreateFolders(work);
        try
        {
            foreach (var name in manifest.Files.Keys) Copy(Path.Combine(from, name), Path.Combine(work, name), context.Cancellation);
            SoftHsmToken.Flush();
            if (isThere) Fill(to, work);
            else Directory.Move(work, to);
            SoftHsmToken.Flush();
        }
        catch
        {
            Directory.Delete(work, recursive: true);
            throw;
        }
        Tell(context, manifest, to);
        return Task.FromResult(0);
    }

    // The service's own database last: without it, nothing starts on what a crash left.
    private static void Fill(string to, string work)
    {
        SecretFile.CreateFolder(to);
        foreach (var entry in Directory.EnumerateFileSystemEntries(work).OrderBy(entry => Path.GetFileName(entry) == "kms.db").ToArray()) Directory.Move(entry, Path.Combine(to, Path.GetFileName(entry)));
        Directory.Delete(work);
    }

    private static void Copy(string from, string to, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        SecretFile.CreateFolders(Path.GetDirectoryName(to)!);
        File.Copy(from, to);
        File.SetUnixFileMode(to, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static void Tell(AdminContext context, BackupManifest manifest, string to)
    {
        context.Say($"{to} is as it was at {manifest.TakenAt:yyyy-MM-ddTHH:mm:ssZ}. What was made, deleted or scheduled for deletion after that is not in it.");
        if (manifest.HasToken)
        {
            context.Say("Its token is in it: start the service, then run kms-admin verify --deep.");
            return;
        }
        if (!context.Settings.Kms.HasToken)
        {
            context.Say($"It takes the root key file that the service had, at {context.Settings.Kms.RootKeyFile} (Kms:RootKeyFile), with root key {manifest.RootKeyVersion} in it. Then run kms-admin verify --deep.");
            return;
        }
        context.Say($"Its token is not in it, and it takes one that holds {KeyTemplate.RootKeyLabel(manifest.RootKeyVersion)}, and the older root keys that keys were not re-wrapped from.");
        context.Say("Either set Kms:Hsm:TokenLabel and PinFile to such a token; or make one with kms-admin init-token and bring the root keys in with kms-admin import-root-key.");
        context.Say("Then run kms-admin verify --deep, and start the service.");
    }
}
