namespace Orleans.Kms.Silo.Admin;

/// <summary>Has the running service wrap everything under the newest root key.</summary>
internal static class Rewrap
{
    private const string Name = "rewrap";

    public static AdminCommand Command { get; } = new(
        Name, "wraps the service key and all key material under the newest root key, while the service serves; may be interrupted and run again", [], Run);

    private static async Task<int> Run(AdminContext context)
    {
        await using var change = await FolderChange.Begin(context);
        if (change.Service is not { } service) throw new StartupException($"the service does not run on {change.Folder.Path}: start it, for rewrap works while it serves.");
        context.Say(await change.Record(Name, "all material", null, () => service.Call("/rewrap", context.Say, context.Cancellation)));
        return 0;
    }
}
