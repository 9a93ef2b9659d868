using System.Data.Common;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Silo.Storage;

/// <summary>The table of what operators did.</summary>
internal static class AdminRecords
{
    /// <summary>Says that a command begins; gives the record's id.</summary>
    public static long Begin(DbCommand command, NewAdminRecord record, DateTimeOffset now) => (long)command.Sql(
        """
        INSERT INTO kms_admin_record (begun_at, operator, command, detail, root_key_version) VALUES (@now, @operator, @command, @detail, @version) RETURNING id
        """,
        ("@now", now.ToUnixTimeMilliseconds()), ("@operator", record.Operator), ("@command", record.Command), ("@detail", record.Detail),
        ("@version", record.RootKeyVersion is { } version ? version : DBNull.Value)).ExecuteScalar()!;

    /// <summary>Says how it ended.</summary>
    public static void End(DbCommand command, long id, string outcome, DateTimeOffset now) => command.Sql(
        "UPDATE kms_admin_record SET ended_at = @now, outcome = @outcome WHERE id = @id",
        ("@now", now.ToUnixTimeMilliseconds()), ("@outcome", outcome), ("@id", id)).ExecuteNonQuery();

    /// <summary>All records, the oldest first; none if the database is of a version that made none.</summary>
    public static List<AdminRecord> Read(DbDataSource database)
    {
        using var connection = database.OpenConnection();
        using var command = connection.CreateCommand();
        if (command.Sql("SELECT 1 FROM sqlite_schema WHERE name = 'kms_admin_record'").ExecuteScalar() is null) return [];
        using var reader = command.Sql("SELECT begun_at, operator, command, detail, root_key_version, outcome FROM kms_admin_record ORDER BY id").ExecuteReader();
        var records = new List<AdminRecord>();
        while (reader.Read())
        {
            records.Add(new(
                DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(0)),
                new(reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetInt32(4)), reader.IsDBNull(5) ? null : reader.GetString(5)));
        }
        return records;
    }
}

/// <summary>What a command is about to do.</summary>
/// <param name="Operator">The user of the operating system.</param>
/// <param name="Command">The command's name.</param>
/// <param name="Detail">What is done to what; no secret.</param>
/// <param name="RootKeyVersion">The root key that it is about, if it is about one.</param>
internal sealed record NewAdminRecord(string Operator, string Command, string Detail, int? RootKeyVersion);

/// <summary>What a command did.</summary>
/// <param name="BegunAt">When it began (UTC).</param>
/// <param name="What">What it was about to do.</param>
/// <param name="Outcome">How it ended; null if it still runs, or was killed.</param>
internal sealed record AdminRecord(DateTimeOffset BegunAt, NewAdminRecord What, string? Outcome);
