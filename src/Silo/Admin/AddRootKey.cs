using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Sealing;
using Orleans.Kms.Silo.Embedded;
using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Silo.Admin;

/// <summary>Makes the next version of the root key.</summary>
internal static class AddRootKey
{
    private const string Name = "add-root-key";

    public static AdminCommand Command { get; } = new(
        Name, "makes the next root key in the token; only with --export can it ever come to another token",
        [
            new("--export", "FILE", "also writes the root key to FILE, wrapped under a transfer key that is split into shares"),
            new("--shares", "N", "how many shares"),
            new("--threshold", "M", "how many of them recover the transfer key, from 2"),
            new("--shares-folder", "DIR", "where the shares are written, a file for each"),
            AdminOption.Confirm,
        ],
        Run);

    private static async Task<int> Run(AdminContext context)
    {
        var ceremony = Ceremony.Of(context.Arguments);
        // Several tokens have to have their first root key before the service can start on them.
        if (!context.UsesFolderToken && context.Settings.Kms.HasToken) MakeFolder(context);
        await using var change = await FolderChange.Begin(context);
        if (!context.Settings.Kms.HasToken) return await AddToFile(context, change, ceremony);
        var tokens = new RootKeyTokens(context.Token(change.Folder));
        var version = Next(change.Databases, tokens);
        var label = KeyTemplate.RootKeyLabel(version);
        if (ceremony is null)
        {
            await change.Record(Name, label, version, () =>
            {
                tokens.Add(version);
                return Task.FromResult($"{label} was made; it cannot be exported");
            });
        }
        else
        {
            ceremony.Check(label);
            context.Confirm(label, $"{label} will be written to {ceremony.Export}, and {ceremony.Threshold} of {ceremony.Shares} shares will open it for another token.");
            await change.Record(Name, $"{label} with export to {ceremony.Export}, {ceremony.Threshold} of {ceremony.Shares} shares", version, () => Task.FromResult(Export(ceremony, tokens, version)));
            context.Say($"Give each file of {ceremony.SharesFolder} to one custodian and remove it from this machine. Any {ceremony.Threshold} of them open {ceremony.Export}.");
        }
        context.Say(AdminContext.ServiceKey(change.Databases) is null
            ? $"{label} was added; the service can start now."
            : $"{label} was added. It wraps nothing yet: run kms-admin rewrap while the service runs.");
        return 0;
    }

    private static void MakeFolder(AdminContext context)
    {
        if (context.Settings.IsCluster) DataFolder.MakeForSilo(context.Arguments.DataFolder);
        else DataFolder.Make(context.Arguments.DataFolder);
    }

    private static async Task<int> AddToFile(AdminContext context, FolderChange change, Ceremony? ceremony)
    {
        var path = context.Settings.Kms.RootKeyFile;
        if (ceremony is not null) throw new StartupException($"there is nothing to export: {path} holds the root keys, so keep copies of it.");
        context.Say(await change.Record(Name, $"in {path}", null, () => Task.FromResult($"root key {RootKeyFile.AddVersion(path)} was added to {path}")));
        context.Say("It wraps nothing yet: back the file up, then run kms-admin rewrap while the service runs.");
        return 0;
    }

    // A number is never given again, or a backup could ask for a key that was retired and get another one.
    private static int Next(ServiceDatabases databases, RootKeyTokens tokens) => 1 + AdminRecords.Read(databases.Kms)
        .Select(record => record.What.RootKeyVersion ?? 0).Append(tokens.Highest()).Append(AdminContext.ServiceKey(databases)?.RootKeyVersion ?? 0).Max();

    // The files first: what a crash leaves can be completed by import-root-key, or thrown away.
    private static string Export(Ceremony ceremony, RootKeyTokens tokens, int version)
    {
        using var transferKey = TransferKey.Generate();
        var export = tokens.Generate(version, transferKey, ceremony.Shares, ceremony.Threshold);
        ceremony.Write(export, transferKey);
        tokens.Import(export, transferKey);
        return $"{export}";
    }
}
