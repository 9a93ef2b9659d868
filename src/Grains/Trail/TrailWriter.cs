using System.Data.Common;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Trail;

/// <summary>
/// The single writer of the trail: takes what waits, commits it as one block, and only then lets its callers go on. While one block commits the next one gathers, so there is no
/// fixed delay and one durable commit serves many callers. Runs on a thread of its own, since SQLite blocks.
/// </summary>
internal sealed class TrailWriter : IAsyncDisposable
{
    private const int QueueLength = 8192;
    private const int Yields = 2;

    /// <summary>How long a caller waits at most.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    private readonly TrailQueue _queue = new(QueueLength);
    private readonly BlockAppender _appender;
    private readonly TrailMetrics _metrics;
    private readonly TrailHealth _health;
    private readonly TimeProvider _clock;
    private readonly ITimer _watch;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TrailWork[]? _committing;
    private int _isWatching;

    public TrailWriter(TrailDatabase database, IOptions<KmsOptions> options, TrailMetrics metrics, TimeProvider clock, ILogger<TrailWriter> logger)
    {
        (_metrics, _clock, _health) = (metrics, clock, new(logger));
        (_metrics.Queue, _metrics.Age) = (_queue, Age);
        _appender = new(database, options.Value.Trail.WriterName, clock);
        _watch = clock.CreateTimer(static writer => ((TrailWriter)writer!).GiveUp(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _thread = new Thread(Run) { IsBackground = true, Name = "kms-trail" };
        _thread.Start();
    }

    /// <summary>Records an event; it is durable when this ends.</summary>
    /// <exception cref="KmsException">
    /// <see cref="KmsErrorCode.Throttled"/>: too many events wait. <see cref="KmsErrorCode.ServiceUnavailable"/>: the trail cannot be written, or not within <see cref="Patience"/>,
    /// or the silo is stopping. An event that was still waiting then is not recorded later; one that was being committed may be.
    /// </exception>
    public ValueTask Record(TrailEvent e)
    {
        var work = new RecordWork(e);
        Add(work);
        return new(work.Done);
    }

    /// <summary>Makes an intent durable, and gives those that other changes have left of the same grain.</summary>
    /// <exception cref="KmsException">As <see cref="Record"/>.</exception>
    public Task<IReadOnlyList<TrailIntent>> Intend(TrailIntent intent)
    {
        RequireChange(intent.Event);
        return Run(command => (TrailIntents.Add(command, intent), false));
    }

    /// <summary>Makes durable that a change was made of which an intent is left.</summary>
    /// <exception cref="KmsException">As <see cref="Record"/>.</exception>
    public Task Confirm(Guid change, string grain) => Execute(command => TrailIntents.Confirm(command, change, grain));

    /// <summary>Removes the intent of a change that was not made; one that was confirmed meanwhile stays.</summary>
    /// <exception cref="KmsException">As <see cref="Record"/>.</exception>
    public Task Drop(Guid change, string grain) => Execute(command => TrailIntents.Remove(command, change, grain));

    /// <summary>Records the event of a change that was made if an intent of it is left, and removes all that are; false if there was none, since the event is recorded then.</summary>
    /// <exception cref="KmsException">As <see cref="Record"/>.</exception>
    public Task<bool> Complete(TrailEvent e)
    {
        var change = RequireChange(e);
        return Run(command => TrailIntents.Remove(command, change) ? (true, true) : (false, false), e);
    }

    /// <summary>Writes to the trail's database durably, in the transaction of a block, since it has one writer.</summary>
    /// <param name="write">Statements that cannot fail by themselves. May run several times.</param>
    /// <exception cref="KmsException">As <see cref="Record"/>.</exception>
    public Task Execute(Action<DbCommand> write) => Run(command =>
    {
        write(command);
        return (true, false);
    });

    /// <summary>Begins a new chain for the events that follow.</summary>
    /// <param name="announced">What is made durable with it: the events that say why.</param>
    /// <exception cref="KmsException">As <see cref="Record"/>.</exception>
    public Task BeginChain(params IReadOnlyList<TrailIntent> announced) => Execute(command =>
    {
        _appender.BeginChain(command);
        foreach (var intent in announced) TrailIntents.Add(command, intent);
    });

    /// <summary>Finishes what is queued, then ends; gives up on a database that hangs.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        try { await _ended.Task.WaitAsync(Patience, _clock); }
        catch (TimeoutException) { Refuse(long.MaxValue); }
        await _watch.DisposeAsync();
    }

    // Here, since a batch fails as a whole.
    private static Guid RequireChange(TrailEvent e) => e.Change ?? throw new ArgumentException("The event tells of no change.", nameof(e));

    private Task<T> Run<T>(Func<DbCommand, (T, bool)> statements, TrailEvent? e = null)
    {
        var work = new StatementWork<T>(statements, e);
        Add(work);
        return work.Done;
    }

    private void Add(TrailWork work)
    {
        work.QueuedAt = _clock.GetTimestamp();
        if (!_queue.TryAdd(work)) throw new KmsException(_queue.IsClosed ? KmsErrorCode.ServiceUnavailable : KmsErrorCode.Throttled);
    }

    private void Run()
    {
        Open();
        var batch = new List<TrailWork>(TrailLimits.BlockEvents);
        while (_queue.Take(batch))
        {
            _committing = [.. batch];
            Watch();
            Commit(batch);
            _committing = null;
            LetOthersRun();
        }
        _appender.Dispose();
        _ended.SetResult();
    }

    // No delay, but an offer: on a busy machine the calls that are ready to run go first, and what they add makes the next block larger, so that one durable commit serves three times
    // as many of them; on an idle one this returns at once.
    private static void LetOthersRun()
    {
        for (var i = 0; i < Yields; i++) Thread.Yield();
    }

    // The chain is there before the first event is: it tells since when everything is recorded.
    private void Open()
    {
        try { _appender.Open(); }
        catch (Exception e) { _health.Failed(e); }
    }

    private void Commit(List<TrailWork> batch)
    {
        var begin = _clock.GetTimestamp();
        try
        {
            var events = _appender.Commit(batch);
            _metrics.Committed(events, _clock.GetElapsedTime(begin));
        }
        catch (Exception e)
        {
            _health.Failed(e);
            Fail(batch);
            return;
        }
        _health.Succeeded();
        foreach (var work in batch) work.Succeed();
    }

    private void Fail(IReadOnlyList<TrailWork> works)
    {
        var failed = 0;
        foreach (var work in works)
        {
            if (work.Fail(new(KmsErrorCode.ServiceUnavailable))) failed++;
        }
        _metrics.Failed(failed);
    }

    // On while there is something to wait for: the writer's own thread cannot look while the database holds it up.
    private void Watch()
    {
        if (Interlocked.Exchange(ref _isWatching, 1) == 0) _watch.Change(WatchInterval, Timeout.InfiniteTimeSpan);
    }

    private void GiveUp()
    {
        Refuse(_clock.GetTimestamp() - (long)(Patience.TotalSeconds * _clock.TimestampFrequency));
        Volatile.Write(ref _isWatching, 0);
        if (_committing is not null || _queue.Count > 0) Watch();
    }

    private TimeSpan Age() => (_committing is { } works ? works[0].QueuedAt : _queue.Oldest) is { } oldest ? _clock.GetElapsedTime(oldest) : TimeSpan.Zero;

    private void Refuse(long timestamp)
    {
        Fail(_queue.TakeOld(timestamp));
        if (_committing is not { } works || works[0].QueuedAt > timestamp) return;
        _health.Hangs(Patience);
        Fail([.. works.Where(work => work.QueuedAt <= timestamp)]);
    }
}
