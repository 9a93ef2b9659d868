using Microsoft.Extensions.Logging;
using Net.Pkcs11Interop.Common;
using Orleans.Kms.Errors;
using Polly;
using Polly.CircuitBreaker;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>What a lane's thread does with a call: runs it on a session that is replaced when it breaks, and turns failures into answers.</summary>
internal sealed class LaneWorker(HsmOptions options, ServiceKey serviceKey, HsmMetrics metrics, TimeProvider clock, ILogger logger) : IDisposable
{
    private readonly ResiliencePipeline _pipeline = LaneResilience.Build(clock);
    private Pkcs11Module? _module;
    private TokenSession? _session;
    private bool _wasOpen;

    /// <summary>Answers <paramref name="call"/>, whatever happens: its failures belong to the caller, not to the lane.</summary>
    public void Serve(LaneCall call)
    {
        try
        {
            _pipeline.Execute(static attempt => attempt.Worker.Attempt(attempt.Call), (Worker: this, Call: call));
        }
        catch (Exception e)
        {
            call.Fail(Answer(e));
        }
    }

    public void Dispose()
    {
        if (_session is null) return;
        Pkcs11Module.EnterCall();
        try { DropSession(); }
        finally { Pkcs11Module.ExitCall(); }
    }

    // What a restarted module can do is tried at once: while the circuit is half open there is no other try.
    private void Attempt(LaneCall call)
    {
        _module ??= Pkcs11Module.Load(options.ModulePath);
        var generation = _module.Generation;
        if (TryExecute(_module, call)) return;
        _module.Restart(generation);
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
        Pkcs11Module.EnterCall();
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
        catch (Pkcs11Exception e) when (TokenFaults.IsFault(e.RV))
        {
            metrics.Fault(e.RV.ToString());
            LaneLog.Fault(logger, e.Method, e.RV);
            DropSession();
            throw;
        }
        finally
        {
            Pkcs11Module.ExitCall();
        }
    }

    private TokenSession Open(Pkcs11Module module)
    {
        var session = new TokenSession(module, options, serviceKey);
        if (_wasOpen)
        {
            metrics.Reopened();
            LaneLog.Reopened(logger);
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
                metrics.Fault("setup");
                LaneLog.Refused(logger, failure.Message);
                return new KmsException(KmsErrorCode.ServiceUnavailable);
            case Pkcs11Exception e when TokenFaults.IsFault(e.RV):
                LaneLog.GaveUp(logger, e.Method, e.RV);
                return new KmsException(KmsErrorCode.ServiceUnavailable);
            case Pkcs11Exception e:
                LaneLog.Unexpected(logger, e.Method, e.RV);
                return new KmsException(KmsErrorCode.InternalFailure);
            default:
                return failure;
        }
    }
}
