using System.Data.Common;

namespace Orleans.Kms.Grains.Trail;

/// <summary>The statements that write a block, prepared on one connection.</summary>
internal sealed class BlockStatements : IDisposable
{
    private readonly DbCommand _block;
    private readonly DbCommand _posting;

    public BlockStatements(DbConnection connection)
    {
        _block = Prepare(connection,
            """
            INSERT INTO kms_trail_block (chain, number, segment, first_event, events, time, written_at, body, nonces, terms, root, previous, hash)
            VALUES (@chain, @number, @segment, @first, @events, @time, @written, @body, @nonces, @terms, @root, @previous, @hash)
            """,
            "@chain", "@number", "@segment", "@first", "@events", "@time", "@written", "@body", "@nonces", "@terms", "@root", "@previous", "@hash");
        _posting = Prepare(connection,
            "INSERT INTO kms_trail_index (account_id, field, value, time, chain, segment) VALUES (@account, @field, @value, @time, @chain, @segment)",
            "@account", "@field", "@value", "@time", "@chain", "@segment");
    }

    /// <summary>Writes a block and its postings inside a transaction; without one if it is a single statement.</summary>
    public void Write(NewBlock block, DbTransaction? transaction)
    {
        var (header, head) = (block.Header, block.Head);
        Run(_block, transaction, head.Chain, header.Number, block.Segment, header.FirstEvent, header.Events, block.Time, header.WrittenAt, block.Body,
            block.Nonces ?? (object)DBNull.Value, block.Postings.Count == 0 ? DBNull.Value : TrailPosting.Write(block.Postings),
            header.Root.ToArray(), header.Previous.ToArray(), head.Hash.ToArray());
        foreach (var (account, term) in block.Postings) Run(_posting, transaction, account, (short)term.Field, term.Value, block.SegmentTime, head.Chain, block.Segment);
    }

    public void Dispose()
    {
        _block.Dispose();
        _posting.Dispose();
    }

    private static DbCommand Prepare(DbConnection connection, string sql, params ReadOnlySpan<string> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            command.Parameters.Add(parameter);
        }
        return command;
    }

    private static void Run(DbCommand command, DbTransaction? transaction, params ReadOnlySpan<object> values)
    {
        command.Transaction = transaction;
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
        command.ExecuteNonQuery();
    }
}
