using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Silo.Embedded;

namespace Orleans.Kms.Silo.Admin;

/// <summary>Brings an exported root key into this token.</summary>
internal static class ImportRootKey
{
    private const string Name = "import-root-key";

    public static AdminCommand Command { get; } = new(
        Name, "brings an exported root key into the token, with as many custodians' shares as its threshold says",
        [
            new("--from", "FILE", "the export", IsRequired: true),
            new("--share", "FILE", "a share", IsRequired: true, IsRepeated: true),
            AdminOption.Confirm,
        ],
        Run);

    private static async Task<int> Run(AdminContext context)
    {
        var export = RootKeyExport.Read(context.Arguments.Text("--from"));
        var shares = new List<RootKeyShare>();
        try
        {
            foreach (var path in context.Arguments.All("--share")) shares.Add(Read(path));
            using var transferKey = TransferKey.Recover(export, shares);
            // A silo that joins a cluster cannot start before its token has the root key.
            if (context.Settings.IsCluster && !context.UsesFolderToken) DataFolder.MakeForSilo(context.Arguments.DataFolder);
            await using var change = await FolderChange.Begin(context);
            var tokens = new RootKeyTokens(context.Token(change.Folder));
            var label = KeyTemplate.RootKeyLabel(export.RootKeyVersion);
            context.Confirm(label, $"{label} of {context.Arguments.Text("--from")} will be put into the token for good.");
            context.Say(await change.Record(Name, $"{export}", export.RootKeyVersion, () =>
                Task.FromResult(tokens.Import(export, transferKey) > 0 ? $"{label} is in the token now" : $"the token held {label} already")));
            return 0;
        }
        finally { foreach (var share in shares) share.Dispose(); }
    }

    private static RootKeyShare Read(string path)
    {
        try { return RootKeyShare.Parse(File.ReadAllText(path), path); }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException) { throw new StartupException($"There is no share file {path}."); }
    }
}
