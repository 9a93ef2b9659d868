using System.Data.Common;
using Npgsql;

namespace Orleans.Kms.Grains.Tests.Trail;

/// <summary>An empty trail in PostgreSQL.</summary>
internal sealed class PostgresTrail : ITrailHome
{
    private readonly string _connection;

    public PostgresTrail(PostgresServer server)
    {
        _connection = server.NewSchema();
        using var stream = typeof(Silo.Storage.SqliteFile).Assembly.GetManifestResourceStream("Orleans.Kms.Silo.Storage.Scripts.Postgres.Trail.1.sql")!;
        using var reader = new StreamReader(stream);
        using var source = Source();
        using var command = source.CreateCommand(reader.ReadToEnd());
        command.ExecuteNonQuery();
    }

    public DbDataSource Source(int timeoutSeconds = 5) => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_connection) { CommandTimeout = timeoutSeconds });

    public IDisposable Lock()
    {
        var connection = Source().OpenConnection();
        connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.CommandText = "LOCK TABLE kms_trail_block IN EXCLUSIVE MODE";
        command.ExecuteNonQuery();
        return connection;
    }

    public void Dispose()
    {
    }
}
