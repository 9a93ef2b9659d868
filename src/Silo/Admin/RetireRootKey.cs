using System.Globalization;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Silo.Admin;

/// <summary>Destroys a root key that wraps nothing any more.</summary>
internal static class RetireRootKey
{
    private const string Name = "retire-root-key";

    public static AdminCommand Command { get; } = new(
        Name, "destroys an old root key in the token, once nothing in the database is wrapped under it", [new("--version", "N", "the root key", IsRequired: true), AdminOption.Confirm], Run);

    private static async Task<int> Run(AdminContext context)
    {
        if (!context.Settings.Kms.HasToken) throw new StartupException($"the root keys are in {context.Settings.Kms.RootKeyFile}: after kms-admin rewrap, delete the old root key's line there.");
        var version = context.Arguments.Number("--version", 1, int.MaxValue);
        var label = KeyTemplate.RootKeyLabel(version);
        await using var change = await FolderChange.Begin(context);
        context.Confirm(label, $"{label} will be destroyed. Backups from before the last rewrap cannot be opened without it, and import tokens given out before then become invalid.");
        context.Say(await change.Record(Name, label, version, () => change.Service is { } service
            ? service.Call("/retire", context.Say, context.Cancellation, ("version", version.ToString(CultureInfo.InvariantCulture)))
            : RetireHere(context, change, version)));
        return 0;
    }

    // Nobody else has the folder.
    private static Task<string> RetireHere(AdminContext context, FolderChange change, int version)
    {
        var options = context.Token(change.Folder);
        var serviceKey = AdminContext.ServiceKey(change.Databases) ?? throw new StartupException($"{change.Folder.Path} has no service key yet.");
        // The session ends with the lambda, so nothing may be left of the work then.
        var census = LongSession.Use(options.Addresses[0], new ServiceKey(serviceKey), session => RootKeyCensus.Take(
            change.Databases.Grains, (_, place, stored) => ValueTask.FromResult(session.Open(place, stored)), null, context.Cancellation).GetAwaiter().GetResult());
        return Task.FromResult(Retirement.Retire(new RootKeyTokens(options), version, serviceKey.RootKeyVersion, census));
    }
}
