using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Silo.Admin;

/// <summary>Makes the tables of a cluster's database, or brings them up to date.</summary>
internal static class DatabaseMigrate
{
    public static AdminCommand Command { get; } = new(
        "database migrate", "makes the tables of a cluster in the database that Kms:Database names, or brings them up to this version; may be run again at any time",
        [new("--gateway-role", "NAME", "a role of the database that gateways sign in with: it may read who is a member, and nothing else")], Run);

    private static Task<int> Run(AdminContext context)
    {
        if (!context.Settings.IsCluster) throw new StartupException("Kms:Database names no database; the tables of a data folder are made by its service.");
        context.Say(new PostgresDatabase(context.Settings.Database).Migrate(context.Arguments.Find("--gateway-role")));
        return Task.FromResult(0);
    }
}
