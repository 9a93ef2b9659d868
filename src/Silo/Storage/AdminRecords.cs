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

    /// <summary>The records that the trail does not have and that have ended, or began so long ago that they ended without saying so; each with the id that its event is to have.</summary>
    public static List<UnrecordedAdminRecord> TakeUnrecorded(DbCommand command, DateTimeOffset begunBefore)
    {
        var records = command.Sql(
            """
            SELECT begun_at, operator, command, detail, root_key_version, outcome, id, event_id FROM kms_admin_record
            WHERE recorded = 0 AND (ended_at IS NOT NULL OR begun_at < @before) ORDER BY id LIMIT 100
            """,
            ("@before", begunBefore.ToUnixTimeMilliseconds())).Rows(row => (Record: Record(row), Id: row.GetInt64(6), EventId: row.IsDBNull(7) ? (Guid?)null : Guid.Parse(row.GetString(7))));
        var taken = new List<UnrecordedAdminRecord>();
        foreach (var (record, id, known) in records)
        {
            var eventId = known ?? Guid.CreateVersion7(record.BegunAt);
            if (known is null) command.Sql("UPDATE kms_admin_record SET event_id = @event WHERE id = @id", ("@event", eventId.ToString()), ("@id", id)).ExecuteNonQuery();
            taken.Add(new(id, eventId, record));
        }
        return taken;
    }

    /// <summary>Says that the trail has the record.</summary>
    public static void SetRecorded(DbCommand command, long id) => command.Sql("UPDATE kms_admin_record SET recorded = 1 WHERE id = @id", ("@id", id)).ExecuteNonQuery();

    /// <summary>All records, the oldest first; none if the database is of a version that made none.</summary>
    public static List<AdminRecord> Read(DbDataSource database)
    {
        using var connection = database.OpenConnection();
        using var command = connection.CreateCommand();
        // PostgreSQL's have it from the first version on.
        if (!connection.CanCreateBatch && command.Sql("SELECT 1 FROM sqlite_schema WHERE name = 'kms_admin_record'").ExecuteScalar() is null) return [];
        return command.Sql("SELECT begun_at, operator, command, detail, root_key_version, outcome FROM kms_admin_record ORDER BY id").Rows(Record);
    }

    private static AdminRecord Record(DbDataReader row) => new(
        row.Time(0), new(row.GetString(1), row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetInt32(4)), row.IsDBNull(5) ? null : row.GetString(5));
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

/// <summary>A record that is to become an event.</summary>
/// <param name="Id">The record's id.</param>
/// <param name="EventId">The event's.</param>
/// <param name="Record">What was done.</param>
internal sealed record UnrecordedAdminRecord(long Id, Guid EventId, AdminRecord Record);
