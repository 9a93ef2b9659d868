using System.Data.Common;
using System.Globalization;
using Npgsql;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Silo.Storage;

/// <summary>The database of a cluster on PostgreSQL, 15 or newer. Everything of the cluster is in the first schema of the connection's search path.</summary>
internal sealed class PostgresDatabase
{
    /// <summary>What ADO.NET calls the provider.</summary>
    public const string Invariant = "Npgsql";

    // Longer than any statement of the service takes, shorter than callers wait.
    private const int CommandSeconds = 10;
    private const int ConnectSeconds = 5;

    // What took too long has failed, whatever the server says after it was told to cancel: of a commit that waited for the synchronous standby it says that it succeeded.
    private const int NoAnswerAfterCancel = -1;

    // A silo that stops in the middle of a transaction must not hold the others up for longer.
    // PostgreSQL answers a commit with success when its wait for the synchronous standby is cancelled, by a time limit too: so there is none on its side.
    private const string Session = "-c synchronous_commit=on -c statement_timeout=0 -c idle_in_transaction_session_timeout=5s -c lock_timeout=8s";

    // Changes of large tables may take their time, and who migrates at the same time waits.
    private const string Migration = "-c synchronous_commit=on";
    private const int MigrationSeconds = 3600;

    // Tokens that hang are given up in a minute each.
    private const int AloneSeconds = 180;

    private static readonly (string Name, int Version)[] Schemas = [("Orleans", 1), ("Kms", 1), ("Trail", 1)];

    private readonly NpgsqlConnectionStringBuilder _connection;

    /// <param name="connectionString">As <c>Kms:Database</c> has it.</param>
    /// <exception cref="StartupException">It cannot be understood.</exception>
    public PostgresDatabase(string connectionString)
    {
        try
        {
            _connection = new(connectionString) { Timeout = ConnectSeconds, TcpKeepAlive = true, MaxAutoPrepare = 50, IncludeErrorDetail = false, CancellationTimeout = NoAnswerAfterCancel };
        }
        // What the parser says may have some of the password in it.
        catch (ArgumentException) { throw new StartupException("Kms:Database is no connection string of PostgreSQL."); }
    }

    /// <summary>What messages call it: no secret.</summary>
    public string Name => $"database {_connection.Database} of {_connection.Host}";

    /// <summary>Connections that name nobody: they may read, and write no grain state.</summary>
    public NpgsqlDataSource Source() => Make(Session);

    /// <summary>Connections of a silo, see <see cref="MemberFence"/>.</summary>
    public NpgsqlDataSource SourceOf(string clusterId, SiloAddress silo) =>
        Make(string.Create(CultureInfo.InvariantCulture, $"{Session} -c kms.silo={clusterId}/{silo.Endpoint.Address}/{silo.Endpoint.Port}/{silo.Generation}"));

    /// <summary>Makes the tables that are not there yet, and brings older ones up to date; all or nothing.</summary>
    /// <param name="gatewayRole">A role that may read who is a member; null for none.</param>
    /// <returns>What was done, for the operator.</returns>
    /// <exception cref="StartupException">The database cannot be reached, or is of a newer program.</exception>
    public string Migrate(string? gatewayRole) => Reached(Make(Migration, MigrationSeconds), source =>
    {
        using var connection = source.OpenConnection();
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        // Two who migrate at once take turns. The number is arbitrary.
        command.Sql("SELECT pg_advisory_xact_lock(7100201602)").ExecuteNonQuery();
        command.Sql("CREATE TABLE IF NOT EXISTS kms_schema (name TEXT PRIMARY KEY, version INTEGER NOT NULL, migrated_at TIMESTAMPTZ NOT NULL)").ExecuteNonQuery();
        var done = new List<string>();
        foreach (var (name, newest) in Schemas)
        {
            var found = Version(command, name);
            if (found > newest) throw Newer();
            for (var version = found + 1; version <= newest; version++) command.Sql(Script(name, version)).ExecuteNonQuery();
            if (found == newest) continue;
            command.Sql("INSERT INTO kms_schema VALUES (@name, @version, now()) ON CONFLICT (name) DO UPDATE SET version = excluded.version, migrated_at = now()", ("@name", name), ("@version", newest)).ExecuteNonQuery();
            done.Add($"{name} {found} to {newest}");
        }
        if (gatewayRole is not null)
        {
            command.Sql($"GRANT SELECT ON OrleansQuery, OrleansMembershipTable, OrleansMembershipVersionTable, kms_schema TO {new NpgsqlCommandBuilder().QuoteIdentifier(gatewayRole)}").ExecuteNonQuery();
        }
        transaction.Commit();
        return done.Count == 0 ? $"The {Name} is up to date." : $"The {Name} was brought up to date: {string.Join(", ", done)}.";
    });

    /// <summary>Makes sure that the tables are those of this program.</summary>
    /// <exception cref="StartupException">The database cannot be reached, or is of another version.</exception>
    public void RequireSchema() => Reached(source =>
    {
        using var connection = source.OpenConnection();
        using var command = connection.CreateCommand();
        var isThere = command.Sql("SELECT to_regclass('kms_schema') IS NOT NULL").ExecuteScalar() is true;
        foreach (var (name, newest) in Schemas)
        {
            var found = isThere ? Version(command, name) : 0;
            if (found > newest) throw Newer();
            if (found < newest) throw new StartupException($"the {Name} lacks tables of this version; run kms-admin database migrate.");
        }
        return true;
    });

    /// <summary>All of it, for kms-admin.</summary>
    /// <exception cref="StartupException">The database cannot be reached, or is of another version.</exception>
    public ServiceDatabases ForAdmin()
    {
        RequireSchema();
        return Databases(Source());
    }

    /// <summary>All of it, over the same connections.</summary>
    public ServiceDatabases Databases(DbDataSource source) => new(source, Name, source, Name) { AreShared = true };

    /// <summary>Does something with the database before the service runs.</summary>
    /// <exception cref="StartupException">The database cannot be reached, or refuses.</exception>
    public T Reached<T>(Func<NpgsqlDataSource, T> use) => Reached(Source(), use);

    /// <summary>Does what only one silo of the cluster at a time may do before it runs; the others wait.</summary>
    /// <exception cref="NpgsqlException">The database fails, or another silo takes longer than <see cref="AloneSeconds"/> seconds.</exception>
    public static T Alone<T>(NpgsqlDataSource source, Func<T> work)
    {
        using var connection = source.OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandTimeout = AloneSeconds;
        // The number is arbitrary. The connection keeps the lock, and a silo that dies has none.
        command.Sql("SET lock_timeout = 0; SELECT pg_advisory_lock(7100201603)").ExecuteNonQuery();
        try { return work(); }
        finally { command.Sql("SELECT pg_advisory_unlock(7100201603)").ExecuteNonQuery(); }
    }

    private T Reached<T>(NpgsqlDataSource source, Func<NpgsqlDataSource, T> use)
    {
        try
        {
            using (source) return use(source);
        }
        catch (NpgsqlException e) { throw new StartupException($"the {Name} cannot be used ({e.Message})"); }
    }

    private NpgsqlDataSource Make(string session, int commandSeconds = CommandSeconds)
    {
        var connection = new NpgsqlConnectionStringBuilder(_connection.ConnectionString) { Options = $"{_connection.Options} {session}".TrimStart(), CommandTimeout = commandSeconds };
        return NpgsqlDataSource.Create(connection);
    }

    private StartupException Newer() => new($"the {Name} was migrated by a newer version of Orleans.Kms; start that version.");

    private static int Version(DbCommand command, string name) => command.Sql("SELECT version FROM kms_schema WHERE name = @name", ("@name", name)).ExecuteScalar() is int version ? version : 0;

    private static string Script(string schema, int version) => EmbeddedScript.Read($"Postgres.{schema}.{version}");
}
