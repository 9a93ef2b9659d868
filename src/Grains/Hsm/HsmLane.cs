using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Net.Pkcs11Interop.Common;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// One dedicated thread with one session on the token and a bounded queue. PKCS#11 calls block, and on pool threads they would hold up every grain of
/// the silo. Safe to call from all threads.
/// </summary>
internal sealed class HsmLane : IAsyncDisposable
{
    private readonly Channel<LaneCall> _queue;
    private readonly LaneWorker _worker;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LaneLimits _limits;
    private readonly TimeSpan _closeTimeout;
    private readonly HsmMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILogger<HsmLane> _logger;
    private volatile bool _closing;

    /// <summary>Starts the thread. The session is opened for the first call.</summary>
    /// <param name="options">The token.</param>
    /// <param name="serviceKey">Opened in each session.</param>
    /// <param name="metrics">What is measured.</param>
    /// <param name="clock">For the callers' patience.</param>
    /// <param name="logger">For faults.</param>
    /// <param name="limits">How many calls it takes on.</param>
    public HsmLane(HsmOptions options, ServiceKey serviceKey, HsmMetrics metrics, TimeProvider clock, ILogger<HsmLane> logger, LaneLimits limits)
    {
        (_limits, _closeTimeout) = (limits, options.CallTimeout);
        (_metrics, _clock, _logger) = (metrics, clock, logger);
        _queue = Channel.CreateBounded<LaneCall>(new BoundedChannelOptions(limits.QueueLength)
        {
            SingleReader = true,
            // The only continuation is the wake-up of our own thread: through the pool it would wait for pool threads.
            AllowSynchronousContinuations = true,
        });
        _worker = new LaneWorker(options, serviceKey, metrics, clock, logger);
        _thread = new Thread(Serve) { IsBackground = true, Name = "kms-hsm-lane" };
        _thread.Start();
    }

    /// <summary>Runs <paramref name="code"/> with the lane's session, on its thread; it must not keep the session.</summary>
    /// <exception cref="KmsException">
    /// <see cref="KmsErrorCode.Throttled"/>: the queue is full. <see cref="KmsErrorCode.ServiceUnavailable"/>: the token fails or is slow, or the lane is closing.
    /// </exception>
    public Task<TResult> Run<TArguments, TResult>(TArguments arguments, Func<TokenSession, TArguments, TResult> code)
    {
        var call = new LaneCall<TArguments, TResult>(arguments, code);
        _metrics.Queued();
        if (_queue.Writer.TryWrite(call)) return call.Answer(_limits, _clock);
        _metrics.Dequeued();
        throw new KmsException(_closing ? KmsErrorCode.ServiceUnavailable : KmsErrorCode.Throttled);
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
            LaneLog.Abandoned(_logger);
        }
    }

    private void Serve()
    {
        try
        {
            while (WaitForCall())
            {
                while (_queue.Reader.TryRead(out var call))
                {
                    _metrics.Dequeued();
                    if (!call.IsOver) _worker.Serve(call);
                }
            }
        }
        finally
        {
            try { _worker.Dispose(); }
            // The session is given up with the process or the lane: its end must not end anything else.
            catch (Pkcs11Exception e) { LaneLog.Unexpected(_logger, e.Method, e.RV); }
            _ended.SetResult();
        }
    }

    private bool WaitForCall()
    {
        var wait = _queue.Reader.WaitToReadAsync();
        return wait.IsCompletedSuccessfully ? wait.Result : wait.AsTask().GetAwaiter().GetResult();
    }
}
