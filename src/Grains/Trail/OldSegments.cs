using System.Data.Common;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Grains.Trail;

/// <summary>Finds and removes what is older than it is kept.</summary>
internal static class OldSegments
{
    /// <summary>
    /// The oldest segments of a chain that may go, in its order: all of their blocks are covered by checkpoints that were signed before. What is left then begins inside or right
    /// after what such a checkpoint covers. The newest segment of a chain always stays, since the chain goes on there.
    /// </summary>
    public static List<OldSegment> Find(DbCommand command, int chain, DateTimeOffset before)
    {
        var rows = command.Sql("SELECT number, segment, time, terms FROM kms_trail_block WHERE chain = @chain ORDER BY number LIMIT @limit",
            ("@chain", chain), ("@limit", TrailLimits.SegmentEvents + 1)).Rows(row => new BlockRow(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.IsDBNull(3) ? [] : row.GetFieldValue<byte[]>(3)));
        var old = new List<OldSegment>();
        var (covered, isOld) = (0L, true);
        foreach (var blocks in rows.GroupBy(row => row.Segment).SkipLast(1))
        {
            var last = blocks.Last().Number;
            if (last > covered) (covered, isOld) = Covering(command, chain, last, before);
            if (!isOld) break;
            old.Add(new(chain, blocks.Key, last, blocks.First().Time, [.. blocks.SelectMany(block => TrailPosting.Read(block.Terms))]));
        }
        return old;
    }

    /// <summary>Removes a segment with its postings, and the checkpoints that nothing begins with any more.</summary>
    public static void Remove(DbCommand command, OldSegment segment)
    {
        command.Sql("DELETE FROM kms_trail_index WHERE account_id = @account AND field = @field AND value = @value AND time = @time AND chain = @chain AND segment = @segment",
            ("@account", 0L), ("@field", (short)0), ("@value", 0L), ("@time", segment.Time), ("@chain", segment.Chain), ("@segment", segment.Number));
        foreach (var posting in segment.Postings)
        {
            (command.Parameters[0].Value, command.Parameters[1].Value, command.Parameters[2].Value) = (posting.AccountId, (short)posting.Term.Field, posting.Term.Value);
            command.ExecuteNonQuery();
        }
        command.Sql("DELETE FROM kms_trail_block WHERE chain = @chain AND number <= @last", ("@chain", segment.Chain), ("@last", segment.Last)).ExecuteNonQuery();
        // The newest checkpoint of nothing but removed blocks stays: it tells what the first block that is left has to follow.
        command.Sql(
            """
            DELETE FROM kms_trail_checkpoint
            WHERE chain = @chain AND number < (SELECT number - 1 FROM kms_trail_checkpoint WHERE chain = @chain AND last_block > @last ORDER BY number LIMIT 1)
            """,
            ("@chain", segment.Chain), ("@last", segment.Last)).ExecuteNonQuery();
    }

    // The last block of the checkpoint that covers a block, and whether it was signed before that time.
    private static (long Last, bool IsOld) Covering(DbCommand command, int chain, long block, DateTimeOffset before) => command.Sql(
        "SELECT last_block, signed_at FROM kms_trail_checkpoint WHERE chain = @chain AND last_block >= @block ORDER BY number LIMIT 1", ("@chain", chain), ("@block", block))
        .Rows(row => (row.GetInt64(0), row.Time(1) < before)).FirstOrDefault();

    private readonly record struct BlockRow(long Number, long Segment, long Time, byte[] Terms);
}
