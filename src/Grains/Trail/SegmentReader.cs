using System.Data.Common;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Grains.Trail;

/// <summary>Reads one column of the blocks of segments.</summary>
internal sealed class SegmentReader : IDisposable
{
    // Most segments of a quiet trail have one block, those of a busy one some hundred.
    private const int FirstChunk = 16;

    private readonly DbCommand _command;
    private readonly LookupBudget _budget;

    /// <param name="connection">Where they are read.</param>
    /// <param name="column">The column: body, nonces or terms.</param>
    /// <param name="budget">Pays for what is read.</param>
    public SegmentReader(DbConnection connection, string column, LookupBudget budget)
    {
        _budget = budget;
        _command = connection.CreateCommand();
        _command.Sql(
            $"SELECT number, {column} FROM kms_trail_block WHERE chain = @chain AND number >= @from AND number < @to AND segment = @segment ORDER BY number",
            ("@chain", 0), ("@from", 0L), ("@to", 0L), ("@segment", 0L));
    }

    /// <summary>The blocks of a segment.</summary>
    public List<(long Number, byte[] Content)> Read(int chain, long segment)
    {
        var blocks = new List<(long Number, byte[] Content)>();
        var end = segment + TrailLimits.SegmentEvents;
        var size = FirstChunk;
        for (var from = segment; from < end; from += size, size *= 4)
        {
            size = (int)Math.Min(size, end - from);
            // They follow one another.
            if (Read(blocks, chain, segment, from, from + size) < size) break;
        }
        return blocks;
    }

    public void Dispose() => _command.Dispose();

    private int Read(List<(long, byte[])> blocks, int chain, long segment, long from, long to)
    {
        (_command.Parameters[0].Value, _command.Parameters[1].Value, _command.Parameters[2].Value, _command.Parameters[3].Value) = (chain, from, to, segment);
        using var reader = _command.ExecuteReader();
        var (count, bytes) = (0, 0L);
        for (; reader.Read(); count++)
        {
            var content = reader.IsDBNull(1) ? [] : reader.GetFieldValue<byte[]>(1);
            blocks.Add((reader.GetInt64(0), content));
            bytes += content.Length;
        }
        _budget.Pay(bytes);
        return count;
    }
}
