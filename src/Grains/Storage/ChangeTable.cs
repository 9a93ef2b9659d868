using System.Data.Common;

namespace Orleans.Kms.Grains.Storage;

/// <summary>Which changes were made in the service's own tables. A row is written in the transaction of its change.</summary>
internal static class ChangeTable
{
    // Whether a change took place is asked within minutes, or when the service starts again.
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>Says that this transaction makes the change.</summary>
    public static void Add(DbCommand command, Guid change, DateTimeOffset now)
    {
        command.Sql("DELETE FROM kms_change WHERE made_at < @old", ("@old", (now - Kept).ToUnixTimeMilliseconds())).ExecuteNonQuery();
        command.Sql("INSERT INTO kms_change (change_id, made_at) VALUES (@change, @now) ON CONFLICT DO NOTHING", ("@change", change.ToString()), ("@now", now.ToUnixTimeMilliseconds())).ExecuteNonQuery();
    }

    /// <summary>Whether the change was made.</summary>
    public static bool Contains(DbCommand command, Guid change) => command.Sql("SELECT 1 FROM kms_change WHERE change_id = @change", ("@change", change.ToString())).ExecuteScalar() is not null;
}
