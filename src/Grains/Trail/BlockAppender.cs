using System.Data.Common;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Grains.Trail;

/// <summary>
/// Commits what the writer took, on a connection that it keeps. After an error it begins anew with what the database says: whether the block is there all the same, whether another
/// process has written the next number of the chain, or neither.
/// </summary>
internal sealed class BlockAppender(TrailDatabase database, string writer, TimeProvider clock) : IDisposable
{
    // Each means that another process has written a block in between.
    private const int MaxTries = 10;

    private const string UniqueViolation = "23505";

    private readonly BlockMaker _maker = new(clock);
    private readonly List<TrailEvent> _events = [];
    private DbConnection? _connection;
    private BlockStatements? _statements;
    private ChainHead? _head;
    private NewBlock? _pending;

    /// <summary>Runs the work in one transaction, and appends a block of the events that there are then. Everything or nothing is durable, and after an error nothing is.</summary>
    /// <returns>How many events there were.</returns>
    public int Commit(List<TrailWork> batch)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                Write(batch);
                return _events.Count;
            }
            catch (Exception e)
            {
                var lost = _pending;
                Reset();
                if (e is not DbException || lost is null || tries == MaxTries) throw;
                Open();
                if (_head!.Number < lost.Head.Number)
                {
                    // It may be one that was opened while the file could not be written.
                    Reset();
                    throw;
                }
                if (IsDurable(lost)) return _events.Count;
            }
        }
    }

    /// <summary>Opens a connection and finds out where the chain has come to, unless that is known; begins the writer's first chain.</summary>
    public void Open()
    {
        if (_head is not null) return;
        Reset();
        _connection = database.Source.OpenConnection();
        _statements = new(_connection, database.Fence);
        using var command = _connection.CreateCommand();
        for (var tries = 1; _head is null; tries++)
        {
            try { _head = ChainHead.Read(command, writer, clock.GetUtcNow()); }
            // Another silo has just begun its own.
            catch (DbException e) when (e.SqlState == UniqueViolation && tries < MaxTries) { }
        }
    }

    /// <summary>Begins a new chain for what follows. Inside of a transaction that <see cref="Commit"/> has begun.</summary>
    public void BeginChain(DbCommand command)
    {
        _head = ChainHead.Begin(command, writer, clock.GetUtcNow());
        _maker.EndSegment();
    }

    public void Dispose() => Reset();

    private void Write(List<TrailWork> batch)
    {
        _pending = null;
        database.RequireThere();
        Open();
        _events.Clear();
        var hasStatements = false;
        foreach (var work in batch) hasStatements |= work.HasStatements;
        using var transaction = hasStatements ? _connection!.BeginTransaction() : null;
        if (hasStatements) Run(batch, transaction!);
        else foreach (var work in batch) _events.Add(work.Event!);
        if (_events.Count > 0) Append(transaction);
        transaction?.Commit();
        if (_events.Count > 0) _head = _pending!.Head;
        _pending = null;
    }

    private void Run(List<TrailWork> batch, DbTransaction transaction)
    {
        if (database.Fence is { } fence) Require(fence, transaction);
        foreach (var work in batch)
        {
            using var command = _connection!.CreateCommand();
            command.Transaction = transaction;
            if (work.Run(command)) _events.Add(work.Event!);
        }
    }

    private void Require(MemberFence fence, DbTransaction transaction)
    {
        using var command = _connection!.CreateCommand();
        command.Transaction = transaction;
        fence.Require(command);
    }

    private void Append(DbTransaction? transaction)
    {
        _pending = _maker.Make(_head!, _events);
        _statements!.Write(_pending, transaction);
    }

    // Seeing it is not enough: a block whose commit was given up while it waited for the synchronous standby can be seen, and is lost with the primary. What is committed after it is
    // durable only if it is, too.
    private bool IsDurable(NewBlock block)
    {
        using var command = _connection!.CreateCommand();
        var there = command.Sql("SELECT hash FROM kms_trail_block WHERE chain = @chain AND number = @number", ("@chain", block.Head.Chain), ("@number", block.Head.Number)).ExecuteScalar();
        if (there is not byte[] hash || !block.Head.Hash.Span.SequenceEqual(hash)) return false;
        command.Sql("UPDATE kms_trail_chain SET writer = writer WHERE chain = @chain", ("@chain", block.Head.Chain)).ExecuteNonQuery();
        return true;
    }

    private void Reset()
    {
        _maker.EndSegment();
        (_head, _pending) = (null, null);
        _statements?.Dispose();
        _connection?.Dispose();
        (_statements, _connection) = (null, null);
    }
}
