using System.Data.Common;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Grains.Trail;

/// <summary>The statements that write a block on one connection: prepared and one by one on SQLite, all at once where the provider can, so that they cost one round trip.</summary>
internal sealed class BlockStatements : IDisposable
{
    private const string Block =
        """
        INSERT INTO kms_trail_block (chain, number, segment, first_event, events, time, written_at, root, previous, hash, terms, nonces, body)
        VALUES (@chain, @number, @segment, @first, @events, @time, @written, @root, @previous, @hash, @terms, @nonces, @body)
        """;

    private const string Posting =
        "INSERT INTO kms_trail_index (account_id, field, value, time, chain, segment) VALUES (@account, @field, @value, @time, @chain, @segment)";

    private static readonly string[] BlockParameters =
        ["@chain", "@number", "@segment", "@first", "@events", "@time", "@written", "@root", "@previous", "@hash", "@terms", "@nonces", "@body"];

    private static readonly string[] PostingParameters = ["@account", "@field", "@value", "@time", "@chain", "@segment"];

    private readonly DbConnection _connection;
    private readonly MemberFence? _fence;
    private readonly DbCommand _block;
    private readonly DbCommand _posting;

    public BlockStatements(DbConnection connection, MemberFence? fence)
    {
        (_connection, _fence) = (connection, fence);
        _block = Make(Block, BlockParameters);
        _posting = Make(Posting, PostingParameters);
    }

    /// <summary>Writes a block and its postings: everything or nothing, also without a transaction around it.</summary>
    public void Write(NewBlock block, DbTransaction? transaction)
    {
        if (_connection.CanCreateBatch) WriteAtOnce(block, transaction);
        else if (transaction is not null || block.Postings.Count == 0) WriteOneByOne(block, transaction);
        else
        {
            using var own = _connection.BeginTransaction();
            WriteOneByOne(block, own);
            own.Commit();
        }
    }

    public void Dispose()
    {
        _block.Dispose();
        _posting.Dispose();
    }

    private static object[] Values(NewBlock block)
    {
        var (header, head) = (block.Header, block.Head);
        return
        [
            head.Chain, header.Number, block.Segment, header.FirstEvent, header.Events, block.Time, header.WrittenAt, header.Root.ToArray(), header.Previous.ToArray(), head.Hash.ToArray(),
            block.Postings.Count == 0 ? DBNull.Value : TrailPosting.Write(block.Postings), block.Nonces ?? (object)DBNull.Value, block.Body,
        ];
    }

    private static object[] Values(NewBlock block, TrailPosting posting) =>
        [posting.AccountId, (short)posting.Term.Field, posting.Term.Value, block.SegmentTime, block.Head.Chain, block.Segment];

    private void WriteOneByOne(NewBlock block, DbTransaction? transaction)
    {
        Run(_block, transaction, Values(block));
        foreach (var posting in block.Postings) Run(_posting, transaction, Values(block, posting));
    }

    private void WriteAtOnce(NewBlock block, DbTransaction? transaction)
    {
        using var batch = _connection.CreateBatch();
        batch.Transaction = transaction;
        if (transaction is null) _fence?.Require(batch);
        Add(batch, Block, BlockParameters, Values(block));
        foreach (var posting in block.Postings) Add(batch, Posting, PostingParameters, Values(block, posting));
        batch.ExecuteNonQuery();
    }

    private DbCommand Make(string sql, string[] parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            command.Parameters.Add(parameter);
        }
        return command;
    }

    private static void Run(DbCommand command, DbTransaction? transaction, object[] values)
    {
        command.Transaction = transaction;
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
        command.ExecuteNonQuery();
    }

    private static void Add(DbBatch batch, string sql, string[] parameters, object[] values)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (parameters[i], values[i]);
            command.Parameters.Add(parameter);
        }
        batch.BatchCommands.Add(command);
    }
}
