using System.Data.Common;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Grains.Trail;

/// <summary>Where a chain has come to.</summary>
/// <param name="Chain">The chain's number in the database.</param>
/// <param name="ChainId">Its id.</param>
/// <param name="Number">The number of its last block; 0 if it has none.</param>
/// <param name="LastEvent">The number of its last event; 0 if it has none.</param>
/// <param name="WrittenAt">When the last block was written, in milliseconds since 1970.</param>
/// <param name="Hash">The hash of the last block.</param>
internal sealed record ChainHead(int Chain, Guid ChainId, long Number, long LastEvent, long WrittenAt, ReadOnlyMemory<byte> Hash)
{
    /// <summary>The head of a writer's newest chain; makes its first chain if it has none.</summary>
    public static ChainHead Read(DbCommand command, string writer, DateTimeOffset now)
    {
        var chain = command.Sql("SELECT chain, chain_id FROM kms_trail_chain WHERE writer = @writer ORDER BY chain DESC LIMIT 1", ("@writer", writer))
            .FirstRow(row => new ChainHead(row.GetInt32(0), Guid.Parse(row.GetString(1)), 0, 0, 0, TrailBlockHeader.NoPrevious));
        if (chain is null) return Begin(command, writer, now);
        return command.Sql("SELECT number, first_event, events, written_at, hash FROM kms_trail_block WHERE chain = @chain ORDER BY number DESC LIMIT 1", ("@chain", chain.Chain))
            .FirstRow(row => chain with
            {
                Number = row.GetInt64(0), LastEvent = row.GetInt64(1) + row.GetInt32(2) - 1, WrittenAt = row.GetInt64(3), Hash = row.GetFieldValue<byte[]>(4),
            }) ?? chain;
    }

    /// <summary>Makes a new chain of a writer.</summary>
    /// <exception cref="DbException">Also if another silo begins one at the same time.</exception>
    public static ChainHead Begin(DbCommand command, string writer, DateTimeOffset now)
    {
        var id = Guid.NewGuid();
        // Numbered without a gap: one that is missing is missed.
        var chain = command.Sql(
            """
            INSERT INTO kms_trail_chain (chain, chain_id, writer, begun_at)
            SELECT COALESCE(MAX(chain), 0) + 1, @id, @writer, @now FROM kms_trail_chain RETURNING chain
            """,
            ("@id", id.ToString("D")), ("@writer", writer), ("@now", now.ToUnixTimeMilliseconds())).Number();
        return new(chain, id, 0, 0, 0, TrailBlockHeader.NoPrevious);
    }
}
