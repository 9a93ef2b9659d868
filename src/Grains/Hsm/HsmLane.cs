using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Net.Pkcs11Interop.Common;
using Orleans.Kms.Errors;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// One session on the token with a thread of its own. PKCS#11 calls block, some for seconds; on Orleans' or the pool's threads they would hold up everything
/// else in the silo. Callers wait for the lane without a thread. A fault costs the session: the next attempt opens a new one.
/// </summary>
internal sealed partial class HsmLane : IAsyncDisposable
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(10);

    private readonly HsmOptions _options;
    private readonly ServiceKey _serviceKey;
    private readonly HsmMetrics _metrics;
    private readonly ILogger<HsmLane> _logger;
    private readonly ResiliencePipeline _resilience;
    private readonly Channel<HsmCall> _queue;
    private readonly Thread _thread;
    private TokenSession? _session;
    private HsmSetupException? _refused;

    public HsmLane(HsmOptions options, ServiceKey serviceKey, HsmMetrics metrics, ILogger<HsmLane> logger)
    {
        _options = options;
        _serviceKey = serviceKey;
        _metrics = metrics;
        _logger = logger;
        _resilience = Resilience();
        _queue = Channel.CreateBounded<HsmCall>(new BoundedChannelOptions(options.QueueLength) { SingleReader = true });
        _thread = new Thread(Work) { IsBackground = true, Name = "kms-hsm" };
        _thread.Start();
    }

    /// <summary>Has <paramref name="work"/> done on the lane's thread.</summary>
    /// <exception cref="KmsException">
    /// <see cref="KmsErrorCode.Throttled"/>: too many calls wait. <see cref="KmsErrorCode.ServiceUnavailable"/>: the token does not answer, or not in time.
    /// </exception>
    public async ValueTask<TResult> Run<TArguments, TResult>(TArguments arguments, Func<TokenSession, TArguments, TResult> work)
    {
        var call = new HsmCall<TArguments, TResult>(arguments, work);
        if (!_queue.Writer.TryWrite(call)) throw new KmsException(_queue.Reader.Completion.IsCompleted ? KmsErrorCode.ServiceUnavailable : KmsErrorCode.Throttled);
        _metrics.Queued(+1);
        try
        {
            return await call.Result.WaitAsync(_options.CallTimeout);
        }
        catch (TimeoutException)
        {
            call.Abandoned = true;
            _metrics.Fault("timeout");
            LogTimedOut(_logger, _options.CallTimeout);
            throw new KmsException(KmsErrorCode.ServiceUnavailable);
        }
    }

    /// <summary>Finishes what is queued and closes the session. A token that hangs is left behind after ten seconds: the thread ends with the process.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await Task.Run(() => _thread.Join(LastWords));
    }

    private void Work()
    {
        // A dedicated thread may block on its queue.
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_queue.Reader.TryRead(out var call))
            {
                _metrics.Queued(-1);
                if (!call.Abandoned) Execute(call);
            }
        }
        CloseSession();
    }

    private void Execute(HsmCall call)
    {
        try
        {
            _resilience.Execute(static work => work.Lane.Attempt(work.Call), (Lane: this, Call: call));
        }
        catch (HsmSetupException e)
        {
            // The token refused the PIN. Another try could lock it for good, so this lane makes none.
            if (_refused is null) LogRefused(_logger, e.Message);
            _refused = e;
            call.Fail(new KmsException(KmsErrorCode.ServiceUnavailable));
        }
        catch (Exception e) when (IsFault(e) || e is BrokenCircuitException)
        {
            call.Fail(new KmsException(KmsErrorCode.ServiceUnavailable));
        }
        catch (Exception e)
        {
            call.Fail(e);
        }
    }

    private void Attempt(HsmCall call)
    {
        if (_refused is not null) throw _refused;
        if (_session is null)
        {
            _session = TokenSession.Open(_options, _serviceKey);
            _metrics.Opened();
        }
        try
        {
            call.Run(_session);
        }
        catch (Exception e) when (IsFault(e))
        {
            CloseSession();
            throw;
        }
    }

    private void CloseSession()
    {
        try { _session?.Dispose(); }
        catch (Pkcs11Exception e) { LogNotClosed(_logger, e.RV); }
        _session = null;
    }

    private ResiliencePipeline Resilience() => new ResiliencePipelineBuilder()
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            ShouldHandle = static outcome => ValueTask.FromResult(IsFault(outcome.Outcome.Exception)),
            FailureRatio = 0.9,
            MinimumThroughput = 3,
            SamplingDuration = TimeSpan.FromSeconds(5),
            BreakDuration = TimeSpan.FromSeconds(1),
            OnOpened = _ =>
            {
                LogBroken(_logger);
                return ValueTask.CompletedTask;
            },
            OnClosed = _ =>
            {
                LogMended(_logger);
                return ValueTask.CompletedTask;
            },
        })
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = attempt =>
            {
                if (!IsFault(attempt.Outcome.Exception)) return ValueTask.FromResult(false);
                var answer = attempt.Outcome.Exception is Pkcs11Exception e ? e.RV.ToString() : "missing";
                _metrics.Fault(answer);
                LogFault(_logger, answer, attempt.Outcome.Exception!.Message);
                return ValueTask.FromResult(true);
            },
            MaxRetryAttempts = 2,
            Delay = TimeSpan.FromMilliseconds(50),
            BackoffType = DelayBackoffType.Exponential,
        })
        .Build();

    private static bool IsFault(Exception? e) => e is TokenFaultException || (e is Pkcs11Exception answer && TokenFaults.IsFault(answer.RV));

    [LoggerMessage(1, LogLevel.Warning, "The token answered {Answer}: {Text}")]
    private static partial void LogFault(ILogger logger, string answer, string text);

    [LoggerMessage(2, LogLevel.Error, "The token does not work; calls that need it are refused until it does.")]
    private static partial void LogBroken(ILogger logger);

    [LoggerMessage(3, LogLevel.Information, "The token works again.")]
    private static partial void LogMended(ILogger logger);

    [LoggerMessage(4, LogLevel.Error, "{Reason} Calls that need the token are refused until the silo is started again.")]
    private static partial void LogRefused(ILogger logger, string reason);

    [LoggerMessage(5, LogLevel.Warning, "The token did not answer a call within {Timeout}.")]
    private static partial void LogTimedOut(ILogger logger, TimeSpan timeout);

    [LoggerMessage(6, LogLevel.Debug, "A session of the token could not be closed: {Answer}")]
    private static partial void LogNotClosed(ILogger logger, CKR answer);
}
