using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Orleans.Kms.Silo.Storage;

/// <summary>One SQLite database file of the data folder.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Schema">The name of its schema: the embedded script <c>NAME.1.sql</c> makes version 1, and each further one makes the next version of the last.</param>
/// <param name="SchemaVersion">The newest version, which the file gets; its own is kept in user_version.</param>
internal sealed record SqliteFile(string Path, string Schema, int SchemaVersion)
{
    /// <summary>The connection string for one process with one writer. SQLite waits for a lock for at most 5 seconds.</summary>
    public string ConnectionString { get; } =
        new SqliteConnectionStringBuilder { DataSource = Path, Mode = SqliteOpenMode.ReadWrite, DefaultTimeout = 5 }.ToString();

    /// <summary>A source of connections to the file.</summary>
    /// <param name="isPooled">Whether connections are used again. One that was opened while the file could not be written is never able to.</param>
    public DbDataSource DataSource(bool isPooled = true) => SqliteFactory.Instance.CreateDataSource(isPooled ? ConnectionString : ConnectionString + ";Pooling=False");

    /// <summary>Makes file and schema if they are not there yet, and brings an older schema up to date. Each version appears whole or not at all, whenever the process dies.</summary>
    /// <exception cref="StartupException">The file is damaged, or of a newer program.</exception>
    public void EnsureSchema()
    {
        try
        {
            using var connection = new SqliteConnection(ConnectionString.Replace("Mode=ReadWrite", "Mode=ReadWriteCreate", StringComparison.Ordinal));
            connection.Open();
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            Execute(connection, "PRAGMA journal_mode = WAL");
            var found = Convert.ToInt32(Execute(connection, "PRAGMA user_version"), null);
            if (found > SchemaVersion) throw new StartupException($"{Path} was written by a newer version of Orleans.Kms; start that version.");
            for (var version = found + 1; version <= SchemaVersion; version++) Upgrade(connection, version);
        }
        catch (SqliteException e)
        {
            throw new StartupException($"{Path} cannot be used as a database ({e.Message}); {Advice(e.SqliteErrorCode)}.");
        }
    }

    private static string Advice(int code) => code switch
    {
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED => "another program has it open: wait until that has ended",
        SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_IOERR => "look at the disk and the room on it",
        SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB => "restore the data folder from a backup",
        _ => "make it readable and writable for this user",
    };

    private void Upgrade(SqliteConnection connection, int version)
    {
        using var transaction = connection.BeginTransaction();
        Execute(connection, EmbeddedScript.Read($"{Schema}.{version}") + $"PRAGMA user_version = {version};", transaction);
        transaction.Commit();
    }

    private static object? Execute(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        return command.ExecuteScalar();
    }
}
