using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Trail;

namespace Orleans.Kms.Silo.Admin.Trail;

/// <summary>
/// Looks whether lookups find the events of a chain. No hash is over the index and over the columns that it leads to, for they are made of the events: who changes them hides events
/// without changing any.
/// </summary>
internal sealed class IndexCheck : IDisposable
{
    // Events tell their time in whole seconds.
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly TrailField[] Fields = [.. Enum.GetValues<TrailField>().Except([TrailField.All, TrailField.EventId])];

    private readonly DbCommand _command;
    private readonly HashSet<TrailPosting> _found = [];
    private long _segment;
    private DateTimeOffset _time;

    public IndexCheck(TrailSnapshot trail)
    {
        _command = trail.Command();
        _command.Sql(
            "SELECT 1 FROM kms_trail_index WHERE account_id = @account AND field = @field AND value = @value AND time = @time AND chain = @chain AND segment = @segment",
            ("@account", 0L), ("@field", (short)0), ("@value", 0L), ("@time", 0L), ("@chain", 0), ("@segment", 0L));
    }

    /// <summary>Takes the next block of the chain.</summary>
    /// <exception cref="TrailFaultException">Some lookup would not find an event of it.</exception>
    public void Add(TrailBlock block)
    {
        if (block.Segment == block.Number)
        {
            (_segment, _time) = (block.Number, block.Time);
            _found.Clear();
        }
        var oldest = DateTimeOffset.MaxValue;
        foreach (var e in block.Events())
        {
            if (Check(block, e) is { } time && time < oldest) oldest = time;
        }
        if (oldest != DateTimeOffset.MaxValue && (block.Time < oldest || block.Time >= oldest + Second)) throw Fault(block, "time");
    }

    public void Dispose() => _command.Dispose();

    // Gives the event's time; null if it is of no account, so that nobody could look for it.
    private DateTimeOffset? Check(TrailBlock block, ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var e = document.RootElement;
        if (!long.TryParse(EventValues.Text(e, "recipientAccountId"), NumberStyles.None, CultureInfo.InvariantCulture, out var account)) return null;
        var time = DateTimeOffset.Parse(EventValues.Text(e, "eventTime") ?? "", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        var isInPlace = block.Segment == _segment && block.Number - _segment < TrailLimits.SegmentEvents && (time - _time).Duration() <= TrailLimits.SegmentSpan + Second;
        if (!isInPlace) throw Fault(block, "segment");
        Require(block, new(account, TrailTerm.All));
        foreach (var field in Fields)
        {
            foreach (var value in EventValues.Of(e, field).Where(value => TrailTerm.IsKept(field, value))) Require(block, new(account, TrailTerm.Of(field, value)));
        }
        if (EventValues.Text(e, "eventId") is { } id && HasOwnTerm(id, time)) Require(block, new(account, TrailTerm.Of(TrailField.EventId, id)));
        return time;
    }

    private static bool HasOwnTerm(string id, DateTimeOffset time) => Guid.TryParse(id, out var found) && TrailTerm.IsIdKept(found, time) && TrailTerm.IsIdKept(found, time + Second);

    private void Require(TrailBlock block, TrailPosting posting)
    {
        if (!_found.Add(posting)) return;
        object[] values = [posting.AccountId, (short)posting.Term.Field, posting.Term.Value, _time.ToUnixTimeMilliseconds(), block.Chain, _segment];
        for (var i = 0; i < values.Length; i++) _command.Parameters[i].Value = values[i];
        if (_command.ExecuteScalar() is null) throw Fault(block, $"{posting.Term.Field}");
    }

    private static TrailFaultException Fault(TrailBlock block, string by) => new($"block {block.Number}: its events are those that were written, but lookups do not find all of them by their {by}");
}
