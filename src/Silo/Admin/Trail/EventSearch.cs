using System.Text.Json;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Trail;

namespace Orleans.Kms.Silo.Admin.Trail;

/// <summary>Finds an event of any account by its id: by the id's own term, and by the time that the id tells.</summary>
internal static class EventSearch
{
    /// <summary>The block of an event, and the event's place in it; null if there is none.</summary>
    public static (TrailBlock Block, int Index)? Find(TrailSnapshot trail, Guid id)
    {
        foreach (var (chain, segment) in Segments(trail, id).Distinct().ToArray())
        {
            foreach (var block in Blocks(trail, chain, segment))
            {
                var index = block.Events().TakeWhile(e => !IsIt(e, id)).Count();
                if (index < block.Count) return (block, index);
            }
        }
        return null;
    }

    private static List<TrailBlock> Blocks(TrailSnapshot trail, int chain, long segment)
    {
        using var command = trail.Command();
        return command.Sql($"SELECT {TrailBlock.Columns} FROM kms_trail_block WHERE chain = @chain AND number >= @segment AND number < @end AND segment = @segment ORDER BY number",
            ("@chain", chain), ("@segment", segment), ("@end", segment + TrailLimits.SegmentEvents)).Rows(TrailBlock.Read);
    }

    private static List<(int Chain, long Segment)> Segments(TrailSnapshot trail, Guid id)
    {
        using var command = trail.Command();
        var found = new List<(int, long)>();
        var tolerance = TrailTerm.IdTolerance + TrailLimits.SegmentSpan;
        for (var after = long.MinValue; Next(trail, after) is { } account; after = account)
        {
            found.AddRange(Segments(trail, account, TrailTerm.Of(TrailField.EventId, id.ToString("D").ToUpperInvariant()), DateTimeOffset.MinValue, DateTimeOffset.MaxValue));
            if (TrailTerm.TimeOf(id) is { } time) found.AddRange(Segments(trail, account, TrailTerm.All, time - tolerance, time + tolerance));
        }
        return found;
    }

    // From one account to the next by the primary key: the table is not walked through.
    private static long? Next(TrailSnapshot trail, long account)
    {
        using var command = trail.Command();
        return command.Sql("SELECT MIN(account_id) FROM kms_trail_index WHERE account_id > @account", ("@account", account)).ExecuteScalar() as long?;
    }

    private static List<(int, long)> Segments(TrailSnapshot trail, long account, TrailTerm term, DateTimeOffset from, DateTimeOffset to)
    {
        using var command = trail.Command();
        return command.Sql("SELECT chain, segment FROM kms_trail_index WHERE account_id = @account AND field = @field AND value = @value AND time BETWEEN @from AND @to",
            ("@account", account), ("@field", (short)term.Field), ("@value", term.Value), ("@from", from.ToUnixTimeMilliseconds()), ("@to", to.ToUnixTimeMilliseconds()))
            .Rows(row => (row.GetInt32(0), row.GetInt64(1)));
    }

    private static bool IsIt(ReadOnlyMemory<byte> e, Guid id)
    {
        try
        {
            using var json = JsonDocument.Parse(e);
            return json.RootElement.TryGetProperty("eventId", out var eventId) && eventId.ValueKind == JsonValueKind.String && Guid.TryParse(eventId.GetString(), out var found) && found == id;
        }
        catch (JsonException) { return false; }
    }
}
