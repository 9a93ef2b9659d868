using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// One dedicated thread with one session on one token and a bounded queue. PKCS#11 calls block, and on pool threads they would hold up every grain of
/// the silo. Safe to call from all threads.
/// </summary>
internal sealed class HsmLane : IAsyncDisposable
{
    private readonly Channel<LaneCall> _queue;
    private readonly LaneWorker _worker;
    private readonly LaneHealth _health;
    private readonly ForgottenKeys _forgotten;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LaneLimits _limits;
    private readonly TimeSpan _closeTimeout;
    private readonly string _token;
    private readonly LaneMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILogger<HsmLane> _logger;
    private volatile bool _closing;
    private volatile bool _wasUsed;
    private int _saidThatItHangs;
    private long _queued;
    private long _taken;

    /// <summary>Starts the thread. The session is opened for the first call.</summary>
    /// <param name="token">The token.</param>
    /// <param name="options">Sizes and times.</param>
    /// <param name="serviceKey">Opened in each session.</param>
    /// <param name="metrics">What is measured.</param>
    /// <param name="clock">For the callers' patience.</param>
    /// <param name="logger">For faults.</param>
    /// <param name="limits">How many calls it takes on.</param>
    public HsmLane(TokenAddress token, HsmOptions options, ServiceKey serviceKey, LaneMetrics metrics, TimeProvider clock, ILogger<HsmLane> logger, LaneLimits limits)
    {
        (_token, _limits, _closeTimeout) = (token.Name, limits, options.CallTimeout);
        (_metrics, _clock, _logger) = (metrics, clock, logger);
        _queue = Channel.CreateBounded<LaneCall>(new BoundedChannelOptions(limits.QueueLength)
        {
            SingleReader = true,
            // The only continuation is the wake-up of our own thread: through the pool it would wait for pool threads.
            AllowSynchronousContinuations = true,
        });
        _worker = new LaneWorker(token, options, serviceKey, metrics, clock, logger);
        _health = new LaneHealth(clock, limits.Longest);
        _forgotten = new ForgottenKeys(options.HandleCacheSize);
        metrics.Watch(Look);
        _thread = new Thread(Serve) { IsBackground = true, Name = "kms-hsm-lane" };
        _thread.Start();
    }

    /// <summary>False if other tokens come first: see <see cref="LaneHealth.IsUsable"/>.</summary>
    public bool IsUsable => _health.IsUsable;

    /// <summary>The name of its token.</summary>
    public string Token => _token;

    /// <summary>True while its thread is held up by the token: calls are refused.</summary>
    public bool Hangs => _health.Hangs;

    /// <summary>Runs <paramref name="code"/> with the lane's session, on its thread; it must not keep the session.</summary>
    /// <exception cref="KmsException">
    /// <see cref="KmsErrorCode.Throttled"/>: the queue is full. <see cref="KmsErrorCode.ServiceUnavailable"/>: the token fails, hangs or is slow, or the lane is closing.
    /// </exception>
    public Task<TResult> Run<TArguments, TResult>(TArguments arguments, Func<TokenSession, TArguments, TResult> code, [CallerMemberName] string operation = "") =>
        Run(arguments, code, operation, _limits);

    /// <inheritdoc cref="Run{TArguments, TResult}(TArguments, Func{TokenSession, TArguments, TResult}, string)"/>
    public Task<TResult> Run<TArguments, TResult>(TArguments arguments, Func<TokenSession, TArguments, TResult> code, string operation, LaneLimits limits)
    {
        if (_health.Hangs)
        {
            if (Interlocked.Exchange(ref _saidThatItHangs, 1) == 0) LaneLog.Hangs(_logger, _token);
            _metrics.Fault("hangs");
            throw new KmsException(KmsErrorCode.ServiceUnavailable);
        }
        var call = new LaneCall<TArguments, TResult>(operation, arguments, code);
        if (TryQueue(call)) return call.Answer(limits, _clock, _metrics);
        throw new KmsException(_closing ? KmsErrorCode.ServiceUnavailable : KmsErrorCode.Throttled);
    }

    /// <summary>Tries, now and then, whether a lane that is not usable is so again. Does not wait for it.</summary>
    public void Recover()
    {
        if (_health.IsTimeToTry()) TryQueue(new LaneErrand(nameof(Recover), static session => session.Probe()));
    }

    /// <summary>
    /// Removes an unwrapped key from the token's memory; it is gone before the lane serves another call. Waits for that only while the lane is in order.
    /// </summary>
    /// <exception cref="KmsException">As <see cref="Run{TArguments, TResult}(TArguments, Func{TokenSession, TArguments, TResult}, string)"/>; it will be done nonetheless.</exception>
    public Task Forget(Guid keyVersionId)
    {
        if (!_wasUsed) return Task.CompletedTask;
        ForgetAfterAllQueued(keyVersionId);
        // Either the thread finds it in the list after the call that it is at, or this wakes it up.
        var call = new ForgetCall();
        return TryQueue(call) && _health.IsUsable ? call.Answer(_limits, _clock) : Task.CompletedTask;
    }

    /// <summary>Removes an unwrapped key from the token's memory soon: before the lane serves another call.</summary>
    public void ForgetLater(Guid keyVersionId)
    {
        if (!_wasUsed) return;
        ForgetAfterAllQueued(keyVersionId);
        TryQueue(new ForgetCall());
    }

    /// <summary>Removes all unwrapped keys from the token's memory soon: before the lane serves another call.</summary>
    public void ForgetAllLater()
    {
        if (!_wasUsed) return;
        _forgotten.AddAll(Volatile.Read(ref _queued));
        TryQueue(new ForgetCall());
    }

    /// <summary>Takes no more calls, serves the queued ones and ends the thread; gives up on a token that hangs for longer than an ordinary call may take.</summary>
    public async ValueTask DisposeAsync()
    {
        _closing = true;
        _queue.Writer.TryComplete();
        try
        {
            await _ended.Task.WaitAsync(_closeTimeout, _clock);
            _thread.Join();
        }
        catch (TimeoutException)
        {
            LaneLog.Abandoned(_logger, _token);
        }
        _metrics.End();
    }

    private void ForgetAfterAllQueued(Guid keyVersionId) => _forgotten.Add(keyVersionId, Volatile.Read(ref _queued));

    private bool TryQueue(LaneCall call)
    {
        // Before the call is: from then on the lane may hold a key.
        if (!_wasUsed) _wasUsed = true;
        Interlocked.Increment(ref _queued);
        _metrics.Queued();
        if (_queue.Writer.TryWrite(call)) return true;
        Interlocked.Decrement(ref _queued);
        _metrics.Dequeued();
        return false;
    }

    private void Serve()
    {
        try
        {
            while (WaitForCall())
            {
                while (_queue.Reader.TryRead(out var call))
                {
                    _taken++;
                    _metrics.Dequeued();
                    if (!call.IsOver) Serve(call);
                }
            }
        }
        finally
        {
            _worker.Dispose();
            _ended.SetResult();
        }
    }

    private void Serve(LaneCall call)
    {
        _health.Begin();
        bool? isServed = call is ForgetCall ? null : _worker.Serve(call);
        if (!_forgotten.IsEmpty) _forgotten.Take(_taken, _worker.Forget, _worker.Dispose);
        var took = _health.End(isServed);
        (call as ForgetCall)?.Done();
        _metrics.Took(call.Operation, took);
        if (took < _limits.Longest) return;
        LaneLog.HungFor(_logger, _token, took);
        _saidThatItHangs = 0;
    }

    private bool WaitForCall()
    {
        var wait = _queue.Reader.WaitToReadAsync();
        return wait.IsCompletedSuccessfully ? wait.Result : wait.AsTask().GetAwaiter().GetResult();
    }

    private (LaneState State, bool HasSession) Look()
    {
        var (isOpen, hasSession) = _worker.Now;
        var state = _health.Hangs ? LaneState.Hangs : isOpen ? LaneState.Open : _health.IsUsable ? LaneState.InOrder : LaneState.Suspect;
        return (state, hasSession);
    }
}
