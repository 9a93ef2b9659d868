using Orleans.Kms.Silo.Embedded;

namespace Orleans.Kms.Silo.Admin;

/// <summary>Makes an account with a root access key.</summary>
internal static class AddAccount
{
    /// <summary>Where the running service does it.</summary>
    public const string Path = "/accounts/add";

    private const string Name = "add-account";

    public static AdminCommand Command { get; } = new(
        Name, "makes a root access key of an account, a new one if it is not named, while the service runs; its secret is shown once",
        [
            new("--account", "ID", "16 digits; a random account if not given. An account that has a root access key gets another one, for when the first is lost"),
            new("--endpoint", "URL", "where clients reach the service, for the credentials"),
        ],
        Run);

    private static async Task<int> Run(AdminContext context)
    {
        var accountId = context.Arguments.Find("--account") is { } given ? Silo.Arguments.CheckAccount(given) : AccountSetup.NewAccountId();
        await using var change = await FolderChange.Begin(context);
        if (change.Service is not { } service) throw new StartupException($"the service does not run on {change.Folder.Path}: start it, and run this again.");
        await change.Record(Name, $"account {accountId}", null, async () =>
        {
            context.Say(await service.Call(Path, static _ => { }, context.Cancellation, ("account", accountId), ("endpoint", context.Arguments.Find("--endpoint") ?? "")));
            return "a root access key was made";
        });
        return 0;
    }
}
