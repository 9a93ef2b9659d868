using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Orleans.Kms.Silo.Storage;

/// <summary>One SQLite database file of the data folder.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Script">The embedded script that makes its schema.</param>
internal sealed record SqliteFile(string Path, string Script)
{
    // Kept in the file's user_version. There is one schema so far; an upgrade script per further version comes with it.
    private const int SchemaVersion = 1;

    /// <summary>The connection string for one process with one writer. SQLite waits for a lock for at most 5 seconds.</summary>
    public string ConnectionString { get; } =
        new SqliteConnectionStringBuilder { DataSource = Path, Mode = SqliteOpenMode.ReadWrite, DefaultTimeout = 5 }.ToString();

    /// <summary>A source of connections to the file.</summary>
    public DbDataSource DataSource() => SqliteFactory.Instance.CreateDataSource(ConnectionString);

    /// <summary>Makes file and schema if they are not there yet. The schema appears whole or not at all, whenever the process dies.</summary>
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
            if (found == SchemaVersion) return;
            using var transaction = connection.BeginTransaction();
            Execute(connection, ReadScript() + $"PRAGMA user_version = {SchemaVersion};", transaction);
            transaction.Commit();
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

    private static object? Execute(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        return command.ExecuteScalar();
    }

    private string ReadScript()
    {
        using var stream = typeof(SqliteFile).Assembly.GetManifestResourceStream(Script) ?? throw new InvalidOperationException($"No script {Script}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
