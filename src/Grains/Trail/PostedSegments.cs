using System.Data.Common;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Grains.Trail;

/// <summary>The segments that a posting leads to, within times.</summary>
internal sealed class PostedSegments : SegmentList, IDisposable
{
    private const int ChunkSize = 64;

    private readonly DbCommand _command;
    private readonly (long First, long Last) _times;
    private readonly LookupBudget _budget;
    private readonly Queue<SegmentKey> _chunk = new();
    private SegmentKey? _chunkEnd;

    /// <param name="connection">Where they are read.</param>
    /// <param name="posting">The posting.</param>
    /// <param name="forward">Whether the oldest come first.</param>
    /// <param name="times">The first and the last time of segments, in milliseconds since 1970.</param>
    /// <param name="budget">Pays for what is read.</param>
    public PostedSegments(DbConnection connection, TrailPosting posting, bool forward, (long First, long Last) times, LookupBudget budget) : base(forward)
    {
        (_times, _budget) = (times, budget);
        _command = connection.CreateCommand();
        var (relation, order) = forward ? (">=", "time, chain, segment") : ("<=", "time DESC, chain DESC, segment DESC");
        _command.Sql(
            $"""
            SELECT time, chain, segment FROM kms_trail_index
            WHERE account_id = @account AND field = @field AND value = @value AND (time, chain, segment) {relation} (@time, @chain, @segment) ORDER BY {order} LIMIT {ChunkSize}
            """,
            ("@account", posting.AccountId), ("@field", (short)posting.Term.Field), ("@value", posting.Term.Value), ("@time", 0L), ("@chain", 0), ("@segment", 0L));
    }

    public override SegmentKey? Seek(SegmentKey from)
    {
        if (Forward ? from.Time < _times.First : from.Time > _times.Last) from = Forward ? new(_times.First, 0, 0) : new(_times.Last, int.MaxValue, long.MaxValue);
        while (_chunk.TryPeek(out var next) && IsBefore(next, from)) _chunk.Dequeue();
        // A chunk that was not full had the last ones.
        if (_chunk.Count == 0 && (_chunkEnd is not { } end || IsBefore(end, from))) Read(from);
        return _chunk.TryPeek(out var found) && found.Time >= _times.First && found.Time <= _times.Last ? found : null;
    }

    public void Dispose() => _command.Dispose();

    private void Read(SegmentKey from)
    {
        (_command.Parameters[3].Value, _command.Parameters[4].Value, _command.Parameters[5].Value) = (from.Time, from.Chain, from.Number);
        _budget.Pay(0);
        using var reader = _command.ExecuteReader();
        var last = from;
        while (reader.Read()) _chunk.Enqueue(last = new(reader.GetInt64(0), reader.GetInt32(1), reader.GetInt64(2)));
        _chunkEnd = _chunk.Count == ChunkSize ? last : Forward ? new(long.MaxValue, 0, 0) : new(long.MinValue, 0, 0);
    }
}
