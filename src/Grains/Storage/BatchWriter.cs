using System.Data.Common;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Storage;

/// <summary>
/// The single writer of the service's own tables: takes what waits, commits it in one transaction, and only then lets its callers go on. While one batch
/// commits the next one gathers, so there is no fixed delay and one durable commit serves many callers. Writes run on a thread of their own, since SQLite
/// blocks; they must be statements that cannot fail by themselves (insert or ignore, update, delete), for a batch succeeds or fails as a whole.
/// </summary>
internal sealed partial class BatchWriter : IAsyncDisposable
{
    private const int MaxBatch = 512;
    private const int QueueLength = 8192;

    private readonly Channel<Write> _queue =
        Channel.CreateBounded<Write>(new BoundedChannelOptions(QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly DbDataSource _database;
    private readonly MemberFence? _fence;
    private readonly ILogger<BatchWriter> _logger;
    private readonly Thread _thread;
    private volatile bool _closing;
    // Of its thread: it is said once that it fails, and once that it does no more.
    private bool _isFailing;

    public BatchWriter(DbDataSource database, ILogger<BatchWriter> logger, MemberFence? fence = null)
    {
        _database = database;
        _fence = fence;
        _logger = logger;
        _thread = new Thread(Run) { IsBackground = true, Name = "kms-writer" };
        _thread.Start();
    }

    /// <summary>Writes durably.</summary>
    /// <param name="write">Runs its statements on the command it is given, inside the batch's transaction.</param>
    /// <exception cref="KmsException">
    /// <see cref="KmsErrorCode.Throttled"/>: too many writes wait. <see cref="KmsErrorCode.ServiceUnavailable"/>: the database refused the batch, or the silo is stopping.
    /// </exception>
    public Task Execute(Action<DbCommand> write) => Execute(command =>
    {
        write(command);
        return true;
    });

    /// <summary>Writes durably, and gives what <paramref name="write"/> found.</summary>
    /// <inheritdoc cref="Execute(Action{DbCommand})"/>
    public Task<T> Execute<T>(Func<DbCommand, T> write)
    {
        var item = new Write<T>(write);
        return _queue.Writer.TryWrite(item) ? item.Done.Task : throw new KmsException(_closing ? KmsErrorCode.ServiceUnavailable : KmsErrorCode.Throttled);
    }

    /// <summary>Finishes what is queued, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _closing = true;
        _queue.Writer.TryComplete();
        await Task.Run(_thread.Join);
    }

    private void Run()
    {
        var batch = new List<Write>(MaxBatch);
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            batch.Clear();
            while (batch.Count < MaxBatch && _queue.Reader.TryRead(out var write)) batch.Add(write);
            Commit(batch);
        }
    }

    private void Commit(List<Write> batch)
    {
        try
        {
            using var connection = _database.OpenConnection();
            using var transaction = connection.BeginTransaction();
            _fence?.Begin(connection, transaction);
            foreach (var write in batch)
            {
                using var command = connection.CreateCommand();
                command.Transaction = transaction;
                write.Run(command);
            }
            transaction.Commit();
        }
        catch (Exception e)
        {
            if (!_isFailing) LogBatchFailed(_logger, batch.Count, e);
            _isFailing = true;
            foreach (var write in batch) write.Fail();
            return;
        }
        if (_isFailing) LogWorks(_logger);
        _isFailing = false;
        foreach (var write in batch) write.Succeed();
    }

    private abstract class Write
    {
        public abstract void Run(DbCommand command);
        public abstract void Succeed();
        public abstract void Fail();
    }

    private sealed class Write<T>(Func<DbCommand, T> statement) : Write
    {
        private T _found = default!;
        public TaskCompletionSource<T> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public override void Run(DbCommand command) => _found = statement(command);
        public override void Succeed() => Done.SetResult(_found);
        public override void Fail() => Done.SetException(new KmsException(KmsErrorCode.ServiceUnavailable));
    }

    [LoggerMessage(1, LogLevel.Error, "A batch of {Count} writes failed, and its calls are refused. Each further one tries again.")]
    private static partial void LogBatchFailed(ILogger logger, int count, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "Writes succeed again.")]
    private static partial void LogWorks(ILogger logger);
}
