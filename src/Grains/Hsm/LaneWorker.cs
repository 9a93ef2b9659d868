using Microsoft.Extensions.Logging;
using Net.Pkcs11Interop.Common;
using Orleans.Kms.Errors;
using Polly;
using Polly.CircuitBreaker;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>What a lane's thread does with a call: runs it on a session that is replaced when it breaks, and turns failures into answers.</summary>
internal sealed class LaneWorker : IDisposable
{
    // On a module that serves other tokens too: they lose their sessions and unwrapped keys each time.
    private static readonly TimeSpan RestBetweenSharedRestarts = TimeSpan.FromSeconds(30);

    private readonly TokenAddress _token;
    private readonly int _handleCacheSize;
    private readonly TimeSpan _restBetweenRestarts;
    private readonly ServiceKey _serviceKey;
    private readonly LaneMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CircuitBreakerStateProvider _circuit = new();
    private readonly ResiliencePipeline _pipeline;
    private Pkcs11Module? _module;
    private volatile TokenSession? _session;
    private bool _wasOpen;

    public LaneWorker(TokenAddress token, HsmOptions options, ServiceKey serviceKey, LaneMetrics metrics, TimeProvider clock, ILogger logger)
    {
        (_token, _handleCacheSize, _serviceKey) = (token, options.HandleCacheSize, serviceKey);
        (_metrics, _clock, _logger) = (metrics, clock, logger);
        _restBetweenRestarts = options.Addresses.Count(other => other.ModulePath == token.ModulePath) > 1 ? RestBetweenSharedRestarts : TimeSpan.Zero;
        _pipeline = LaneResilience.Build(clock, _circuit);
    }

    /// <summary>Whether calls are refused at once, and whether a session is open. From all threads.</summary>
    public (bool IsOpen, bool HasSession) Now => (_circuit.CircuitState == CircuitState.Open, _session is not null);

    /// <summary>Answers <paramref name="call"/>, whatever happens: its failures belong to the caller, not to the lane. False if the token failed it.</summary>
    public bool Serve(LaneCall call)
    {
        try
        {
            _pipeline.Execute(static attempt => attempt.Worker.Attempt(attempt.Call), (Worker: this, Call: call));
            return true;
        }
        catch (Exception e)
        {
            call.Fail(Answer(e));
            return !(e is BrokenCircuitException or HsmSetupException || e is Pkcs11Exception p && TokenFaults.IsFault(p));
        }
    }

    /// <summary>Removes an unwrapped key from the token; if the token fails to, all of the session goes.</summary>
    public void Forget(Guid keyVersionId) => WithSession(session => session.Forget(keyVersionId));

    /// <summary>Removes all unwrapped keys from the token.</summary>
    public void Dispose() => WithSession(_ => DropSession());

    private void WithSession(Action<TokenSession> use)
    {
        if (_session is not { } session || _module is not { } module) return;
        module.EnterCall();
        try
        {
            if (session.IsStale) DropSession();
            else use(session);
        }
        catch (Pkcs11Exception e)
        {
            _metrics.Fault(e.RV.ToString());
            LaneLog.Fault(_logger, _token.Name, e.Method, e.RV);
            DropSession();
        }
        finally { module.ExitCall(); }
    }

    // What a restarted module can do is tried at once: while the circuit is half open there is no other try.
    private void Attempt(LaneCall call)
    {
        _module ??= Pkcs11Module.Load(_token.ModulePath);
        var generation = _module.Generation;
        if (TryExecute(_module, call)) return;
        _module.Restart(generation, _clock.GetUtcNow(), _restBetweenRestarts);
        Execute(_module, call);
    }

    // False if the module has to be restarted before it is of use.
    private bool TryExecute(Pkcs11Module module, LaneCall call)
    {
        try
        {
            Execute(module, call);
            return true;
        }
        catch (Pkcs11Exception e) when (TokenFaults.NeedsRestart(e.RV))
        {
            return false;
        }
        catch (HsmSetupException e) when (e.NeedsRestart)
        {
            return false;
        }
    }

    private void Execute(Pkcs11Module module, LaneCall call)
    {
        module.EnterCall();
        try
        {
            if (_session is { IsStale: true }) DropSession();
            call.Execute(_session ??= Open(module));
        }
        // Handles die with their session, so the next attempt starts from nothing.
        catch (HsmSetupException)
        {
            DropSession();
            throw;
        }
        catch (Pkcs11Exception e) when (TokenFaults.IsFault(e))
        {
            _metrics.Fault(e.RV.ToString());
            LaneLog.Fault(_logger, _token.Name, e.Method, e.RV);
            DropSession();
            throw;
        }
        finally
        {
            module.ExitCall();
        }
    }

    private TokenSession Open(Pkcs11Module module)
    {
        var session = new TokenSession(module, _token, _serviceKey, _handleCacheSize, _metrics.CacheUse);
        if (_wasOpen)
        {
            _metrics.Reopened();
            LaneLog.Reopened(_logger, _token.Name);
        }
        _wasOpen = true;
        return session;
    }

    private void DropSession()
    {
        var session = _session;
        _session = null;
        session?.Dispose();
    }

    private Exception Answer(Exception failure)
    {
        switch (failure)
        {
            case BrokenCircuitException:
                return new KmsException(KmsErrorCode.ServiceUnavailable);
            case HsmSetupException:
                _metrics.Fault("setup");
                LaneLog.Refused(_logger, _token.Name, failure.Message);
                return new KmsException(KmsErrorCode.ServiceUnavailable);
            case Pkcs11Exception e when TokenFaults.IsFault(e):
                LaneLog.GaveUp(_logger, _token.Name, e.Method, e.RV);
                return new KmsException(KmsErrorCode.ServiceUnavailable);
            case Pkcs11Exception e:
                LaneLog.Unexpected(_logger, _token.Name, e.Method, e.RV);
                return new KmsException(KmsErrorCode.InternalFailure);
            default:
                return failure;
        }
    }
}
