using System.Data.Common;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Grains.Trail;

/// <summary>The table of intents.</summary>
internal static class TrailIntents
{
    private const string Columns = "event, grain, begun_at, clears, took_place";

    /// <summary>Adds one, and gives those of other changes of the same grain that can be read.</summary>
    public static IReadOnlyList<TrailIntent> Add(DbCommand command, TrailIntent intent)
    {
        var change = Text(intent.Event.Change!.Value);
        var others = command.Sql($"SELECT {Columns} FROM kms_trail_intent WHERE grain = @grain AND change_id <> @change ORDER BY begun_at",
            ("@grain", intent.Grain), ("@change", change)).Rows(Read).OfType<TrailIntent>().ToList();
        command.Sql(
            """
            INSERT INTO kms_trail_intent (change_id, grain, begun_at, clears, took_place, event) VALUES (@change, @grain, @begun, @clears, @tookPlace, @event)
            ON CONFLICT (change_id, grain) DO UPDATE SET begun_at = excluded.begun_at, clears = excluded.clears, took_place = excluded.took_place, event = excluded.event
            """,
            ("@change", change), ("@grain", intent.Grain), ("@begun", intent.BegunAt.ToUnixTimeMilliseconds()), ("@clears", intent.Clears ? 1 : 0),
            ("@tookPlace", intent.TookPlace ? 1 : 0), ("@event", TrailEventFormat.Write(intent.Event))).ExecuteNonQuery();
        return others;
    }

    /// <summary>Says of one that its change was made.</summary>
    public static void Confirm(DbCommand command, Guid change, string grain) =>
        command.Sql("UPDATE kms_trail_intent SET took_place = 1 WHERE change_id = @change AND grain = @grain", ("@change", Text(change)), ("@grain", grain)).ExecuteNonQuery();

    /// <summary>Removes one, unless its change is known to have been made: who says that it was not asked a state that is another one by now.</summary>
    public static void Remove(DbCommand command, Guid change, string grain) =>
        command.Sql("DELETE FROM kms_trail_intent WHERE change_id = @change AND grain = @grain AND took_place = 0", ("@change", Text(change)), ("@grain", grain)).ExecuteNonQuery();

    /// <summary>Removes those of a change; false if there was none.</summary>
    public static bool Remove(DbCommand command, Guid change) =>
        command.Sql("DELETE FROM kms_trail_intent WHERE change_id = @change", ("@change", Text(change))).ExecuteNonQuery() > 0;

    /// <summary>All that were begun before, the oldest first, and when those were begun that cannot be read.</summary>
    public static (IReadOnlyList<TrailIntent> Left, IReadOnlyList<DateTimeOffset> Unreadable) BegunBefore(DbCommand command, DateTimeOffset time)
    {
        var rows = command.Sql($"SELECT {Columns} FROM kms_trail_intent WHERE begun_at < @time ORDER BY begun_at", ("@time", time.ToUnixTimeMilliseconds()))
            .Rows(row => (Intent: Read(row), BegunAt: row.Time(2)));
        return ([.. rows.Select(row => row.Intent).OfType<TrailIntent>()], [.. rows.Where(row => row.Intent is null).Select(row => row.BegunAt)]);
    }

    private static TrailIntent? Read(DbDataReader row) => TrailEventFormat.TryRead(row.GetFieldValue<byte[]>(0)) is { Change: not null } e
        ? new(e, row.GetString(1), row.Time(2), row.GetInt64(3) != 0, row.GetInt64(4) != 0)
        : null;

    private static string Text(Guid id) => id.ToString("D");
}
