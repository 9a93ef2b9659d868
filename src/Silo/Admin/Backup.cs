
namespace Orleans.Kms.Silo.Admin;

/// <summary>Backs a data folder up.</summary>
internal static class Backup
{
    private const string Name = "backup";

    public static AdminCommand Command { get; } = new(
        Name, "copies the data folder as it is at one instant; the service goes on meanwhile",
        [
            new("--to", "DIR", "the backup, a folder that there is not yet", IsRequired: true),
            new("--with-token", "", "token and PINs, too: whoever has such a backup can open everything"),
            new("--without-token", "", "without them: to be restored, it takes the token or the exports of its root keys"),
        ],
        Run);

    private static async Task<int> Run(AdminContext context)
    {
        context.RequireFolder("backup");
        var withToken = context.Arguments.Has("--with-token");
        if (withToken == context.Arguments.Has("--without-token")) throw new UsageException("say either --with-token or --without-token.");
        var to = Path.GetFullPath(context.Arguments.Text("--to"));
        await using var change = await FolderChange.Begin(context);
        if (withToken && !context.UsesFolderToken) throw new StartupException("the token is not in the data folder: back it up by its vendor's means, and the data --without-token.");
        context.Say(await change.Record(Name, $"to {to}, {(withToken ? "with" : "without")} token", null, () => change.Service is { } service
            ? service.Call("/backup", context.Say, context.Cancellation, ("to", to), ("token", withToken ? "with" : "without"))
            : new FolderBackup(change.Folder, null, null, TimeProvider.System).Make(to, withToken, context.Cancellation)));
        return 0;
    }
}
