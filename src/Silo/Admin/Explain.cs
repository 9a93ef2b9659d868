namespace Orleans.Kms.Silo.Admin;

/// <summary>Tells an operator which statement decides a request, which no caller is told.</summary>
internal static class Explain
{
    /// <summary>Where the running service answers.</summary>
    public const string Path = "/explain";

    public static AdminCommand Command { get; } = new(
        "explain", "tells whether a request would be allowed, and which statement of which policy decides; asks the running service and changes nothing",
        [
            new("--access-key", "ID", "who asks: the owner of an access key"),
            new("--user", "NAME", "who asks: a RAM user, with --account"),
            new("--role", "NAME", "who asks: a session of a role, with --account"),
            new("--account", "ID", "the account of --user or --role"),
            new("--session-policy", "FILE", "the session policy of the role's session"),
            new("--action", "NAME", "for example kms:Encrypt", IsRequired: true),
            new("--resource", "ARN", "for example acs:kms:local-1:ACCOUNT:key/ID; a CMK's own tags count unless --tag is given", IsRequired: true),
            new("--tag", "KEY=VALUE", "a tag of the resource", IsRepeated: true),
            new("--request-tag", "KEY=VALUE", "a tag in the request", IsRepeated: true),
            new("--context", "KEY=VALUE", "an entry of the encryption context", IsRepeated: true),
            new("--algorithm", "NAME", "the encryption algorithm, for example SYMMETRIC_DEFAULT"),
            new("--external-id", "TEXT", "the ExternalId of AssumeRole, for the role's trust policy"),
            new("--source-ip", "ADDRESS", "where the request comes from"),
            new("--secure", "", "the request comes over TLS"),
            new("--time", "TIME", "when, as 2026-03-01T12:00:00Z; now if not given"),
        ],
        Run);

    private static readonly string[] Askers = ["--access-key", "--user", "--role"];
    private static readonly string[] Texts = [.. Askers, "--account", "--action", "--resource", "--algorithm", "--external-id", "--source-ip", "--time"];
    private static readonly string[] Pairs = ["--tag", "--request-tag", "--context"];

    private static async Task<int> Run(AdminContext context)
    {
        var arguments = context.Arguments;
        if (Askers.Count(arguments.Has) != 1) throw new UsageException("say one of --access-key, --user and --role.");
        if (!arguments.Has("--access-key") && !arguments.Has("--account")) throw new UsageException("--user and --role need --account.");
        if (arguments.Has("--session-policy") && !arguments.Has("--role")) throw new UsageException("--session-policy goes with --role.");
        var folder = context.Folder();
        using var service = await AdminClient.TryConnect(folder.AdminSocket, context.Cancellation)
            ?? throw new StartupException("the service does not run on this folder; start it, and run this again.");
        context.Say(await service.Call(Path, context.Say, context.Cancellation, [.. Parameters(arguments)]));
        return 0;
    }

    private static IEnumerable<(string Name, string Value)> Parameters(AdminArguments arguments)
    {
        foreach (var name in Texts)
        {
            if (arguments.Find(name) is { } value) yield return (name[2..], value);
        }
        foreach (var name in Pairs)
        {
            foreach (var value in arguments.All(name)) yield return (name[2..], value);
        }
        if (arguments.Has("--secure")) yield return ("secure", "true");
        if (arguments.Find("--session-policy") is { } file) yield return ("session-policy", File.ReadAllText(file));
    }
}
