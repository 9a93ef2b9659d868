using System.Data.Common;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Grains.Trail;

/// <summary>One page of a lookup: segments by their postings, blocks of the segments, events of the blocks.</summary>
internal sealed class TrailLookup : IDisposable
{
    private readonly DbConnection _connection;
    private readonly LookupBudget _budget;
    private readonly EventMatch _filter;
    private readonly SegmentReader _reader;
    private readonly List<PostedSegments> _posted = [];
    private readonly SegmentList _segments;
    private readonly bool _forward;
    private readonly List<ReadOnlyMemory<byte>> _events = [];
    private TrailCursor? _last;
    private (int Chain, long Number)? _damaged;

    public TrailLookup(DbConnection connection, long accountId, TrailQuery query, LookupBudget budget)
    {
        (_connection, _budget, _forward) = (connection, budget, query.Forward);
        query = query with { Filters = [.. query.Filters.Select(Normal)] };
        _filter = new(accountId, query);
        _reader = new(connection, "body", budget);
        _segments = Segments(accountId, query);
    }

    /// <summary>The events that follow on a place, at most <paramref name="max"/>.</summary>
    public TrailPage Read(TrailCursor? after, int max)
    {
        var from = after is null ? Edge(_forward) : Place(after);
        while (_segments.Seek(from) is { } segment)
        {
            if (_budget.IsSpent) return Page(new(DateTimeOffset.FromUnixTimeMilliseconds(segment.Time), segment.Chain, segment.Number, -1));
            if (Fill(segment, after, max)) return Page(_last);
            from = segment.Beside(_forward);
        }
        return Page(null);
    }

    public void Dispose()
    {
        _reader.Dispose();
        foreach (var posted in _posted) posted.Dispose();
    }

    // Ids are kept in capitals.
    private static (TrailField Field, string Value) Normal((TrailField Field, string Value) filter) =>
        filter.Field == TrailField.EventId && Guid.TryParse(filter.Value, out var id) ? (filter.Field, id.ToString("D").ToUpperInvariant()) : filter;

    private static SegmentKey Edge(bool forward) => forward ? new(long.MinValue, 0, 0) : new(long.MaxValue, int.MaxValue, long.MaxValue);

    private SegmentList Segments(long accountId, TrailQuery query)
    {
        var around = (long)TrailLimits.SegmentSpan.TotalMilliseconds;
        var times = (query.Start.ToUnixTimeMilliseconds() - around, query.End.ToUnixTimeMilliseconds() + 999 + around);
        SegmentList? all = null;
        foreach (var (field, value) in query.Filters.Where(filter => TrailTerm.IsKept(filter.Field, filter.Value)))
        {
            SegmentList list = Posted(new(accountId, TrailTerm.Of(field, value)), times);
            if (field == TrailField.EventId && Guid.TryParse(value, out var id) && TrailTerm.TimeOf(id) is { } time) list = new EitherSegments(list, Near(accountId, time, times), _forward);
            all = all is null ? list : new CommonSegments(all, list, _forward, _budget);
        }
        return all ?? Posted(new(accountId, TrailTerm.All), times);
    }

    private PostedSegments Near(long accountId, DateTimeOffset time, (long First, long Last) times)
    {
        var around = (long)(TrailTerm.IdTolerance + TrailLimits.SegmentSpan).TotalMilliseconds;
        var own = time.ToUnixTimeMilliseconds();
        return Posted(new(accountId, TrailTerm.All), (Math.Max(times.First, own - around), Math.Min(times.Last, own + around)));
    }

    private PostedSegments Posted(TrailPosting posting, (long, long) times)
    {
        var list = new PostedSegments(_connection, posting, _forward, times, _budget);
        _posted.Add(list);
        return list;
    }

    private SegmentKey Place(TrailCursor cursor)
    {
        using var command = _connection.CreateCommand();
        var segment = cursor.Position < 0 ? null : command.Sql("SELECT segment FROM kms_trail_block WHERE chain = @chain AND number = @number",
            ("@chain", cursor.Chain), ("@number", cursor.Number)).ExecuteScalar();
        return new(cursor.Time.ToUnixTimeMilliseconds(), cursor.Chain, segment is null ? cursor.Number : Convert.ToInt64(segment, null));
    }

    // In a block events are in the order in which their calls ended, and what an earlier process left comes late.
    private TrailPage Page(TrailCursor? next) => new([.. _forward ? _events.OrderBy(EventValues.Order, StringComparer.Ordinal) : _events.OrderByDescending(EventValues.Order, StringComparer.Ordinal)], next, _damaged);

    // True if one more was found than there may be.
    private bool Fill(SegmentKey segment, TrailCursor? after, int max)
    {
        var blocks = _reader.Read(segment.Chain, segment.Number);
        if (!_forward) blocks.Reverse();
        foreach (var (number, body) in blocks)
        {
            IEnumerable<(int Position, ReadOnlyMemory<byte> Json)> events = TrailBlock.Split(body).Index();
            if (!_forward) events = events.Reverse();
            foreach (var (position, json) in events)
            {
                if (IsBehind(segment, number, position, after) || !Takes(segment.Chain, number, json)) continue;
                if (_events.Count == max) return true;
                _events.Add(json);
                _last = new(DateTimeOffset.FromUnixTimeMilliseconds(segment.Time), segment.Chain, number, position);
            }
        }
        return false;
    }

    private bool Takes(int chain, long number, ReadOnlyMemory<byte> json)
    {
        try { return _filter.Takes(json); }
        catch (Exception e) when (EventValues.IsDamage(e))
        {
            _damaged ??= (chain, number);
            return false;
        }
    }

    private bool IsBehind(SegmentKey segment, long number, int position, TrailCursor? after)
    {
        if (after is not { Position: >= 0 } || after.Chain != segment.Chain || after.Time.ToUnixTimeMilliseconds() != segment.Time) return false;
        var order = (number, position).CompareTo((after.Number, after.Position));
        return _forward ? order <= 0 : order >= 0;
    }
}
