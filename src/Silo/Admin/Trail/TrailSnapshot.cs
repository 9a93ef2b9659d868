using System.Data.Common;
using Microsoft.Data.Sqlite;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Grains.Trail.Proof;

namespace Orleans.Kms.Silo.Admin.Trail;

/// <summary>The trail's database as it is at one instant, beside the service that writes it. Only read.</summary>
internal sealed class TrailSnapshot : IDisposable
{
    private const string ReadOnly = "SET idle_in_transaction_session_timeout = 0; BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

    private readonly DbConnection _connection;
    // The same where one connection may have several readers at a time.
    private readonly DbConnection _ofBlocks;
    private readonly DbConnection _ofCheckpoints;

    private TrailSnapshot(DbConnection connection, DbConnection ofBlocks, DbConnection ofCheckpoints) => (_connection, _ofBlocks, _ofCheckpoints) = (connection, ofBlocks, ofCheckpoints);

    /// <summary>Opens that of a folder's service, or of a silo's cluster.</summary>
    /// <exception cref="StartupException">There is none.</exception>
    public static TrailSnapshot Open(AdminContext context)
    {
        var folder = context.Folder();
        if (context.Settings.IsCluster) return Open(context.Databases(folder).Kms);
        if (!File.Exists(folder.Trail.Path)) throw new StartupException($"{folder.Path} has no trail yet: start the service once.");
        var connection = new SqliteConnection(folder.Trail.ConnectionString + ";Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        // It has a snapshot from its first read on.
        command.Sql("BEGIN DEFERRED").ExecuteNonQuery();
        command.Sql("SELECT COUNT(*) FROM sqlite_schema").ExecuteScalar();
        return new(connection, connection, connection);
    }

    // Three connections that see the same.
    private static TrailSnapshot Open(DbDataSource database)
    {
        var connection = database.OpenConnection();
        using var command = connection.CreateCommand();
        command.Sql(ReadOnly).ExecuteNonQuery();
        var name = (string)command.Sql("SELECT pg_export_snapshot()").ExecuteScalar()!;
        return new(connection, Beside(database, name), Beside(database, name));
    }

    private static DbConnection Beside(DbDataSource database, string name)
    {
        var connection = database.OpenConnection();
        using var command = connection.CreateCommand();
        // The name is the server's own.
        command.Sql($"{ReadOnly}; SET TRANSACTION SNAPSHOT '{name}'").ExecuteNonQuery();
        return connection;
    }

    /// <summary>All chains, in the order in which they were begun.</summary>
    public List<TrailChain> Chains()
    {
        using var command = Command();
        return command.Sql("SELECT chain, chain_id, writer, begun_at FROM kms_trail_chain ORDER BY chain").Rows(row => new TrailChain(row.GetInt32(0), Guid.Parse(row.GetString(1)), row.GetString(2), row.Time(3)));
    }

    /// <summary>How many blocks and checkpoints are of no chain.</summary>
    public long Strays()
    {
        using var command = Command();
        return command.Sql(
            """
            SELECT (SELECT COUNT(*) FROM kms_trail_block WHERE chain NOT IN (SELECT chain FROM kms_trail_chain))
            + (SELECT COUNT(*) FROM kms_trail_checkpoint WHERE chain NOT IN (SELECT chain FROM kms_trail_chain))
            """).Number();
    }

    /// <summary>The checkpoints of a chain, with the key that each says it was signed for. One at a time: there may be many.</summary>
    public IEnumerable<(SignedCheckpoint Signed, long Number, string KeyId)> Checkpoints(int chain)
    {
        using var command = _ofCheckpoints.CreateCommand();
        using var reader = command.Sql("SELECT body, signature, number, key_id FROM kms_trail_checkpoint WHERE chain = @chain ORDER BY number", ("@chain", chain)).ExecuteReader();
        while (reader.Read()) yield return (new(reader.GetFieldValue<byte[]>(0), reader.GetFieldValue<byte[]>(1)), reader.GetInt64(2), reader.GetString(3));
    }

    /// <summary>The newest checkpoint of a chain; null if there is none.</summary>
    public SignedCheckpoint? Newest(int chain)
    {
        using var command = Command();
        return command.Sql("SELECT body, signature FROM kms_trail_checkpoint WHERE chain = @chain ORDER BY number DESC LIMIT 1", ("@chain", chain)).FirstRow(Read);
    }

    /// <summary>The checkpoint that covers a block; null if none does.</summary>
    public SignedCheckpoint? Covering(int chain, long block)
    {
        using var command = Command();
        return command.Sql("SELECT body, signature FROM kms_trail_checkpoint WHERE chain = @chain AND first_block <= @block AND last_block >= @block", ("@chain", chain), ("@block", block)).FirstRow(Read);
    }

    /// <summary>The blocks of a chain, one after the other.</summary>
    public IEnumerable<TrailBlock> Blocks(int chain)
    {
        using var command = _ofBlocks.CreateCommand();
        using var reader = command.Sql($"SELECT {TrailBlock.Columns} FROM kms_trail_block WHERE chain = @chain ORDER BY number", ("@chain", chain)).ExecuteReader();
        while (reader.Read()) yield return TrailBlock.Read(reader);
    }

    /// <summary>The hashes of the blocks of a range.</summary>
    public List<byte[]> Hashes(int chain, long first, long last)
    {
        using var command = Command();
        return command.Sql("SELECT hash FROM kms_trail_block WHERE chain = @chain AND number BETWEEN @first AND @last ORDER BY number", ("@chain", chain), ("@first", first), ("@last", last))
            .Rows(row => row.GetFieldValue<byte[]>(0));
    }

    /// <summary>A command in the snapshot.</summary>
    public DbCommand Command() => _connection.CreateCommand();

    public void Dispose()
    {
        _ofCheckpoints.Dispose();
        _ofBlocks.Dispose();
        _connection.Dispose();
    }

    private static SignedCheckpoint Read(DbDataReader row) => new(row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1));
}
