using System.Data.Common;
using Microsoft.Extensions.Logging;
using Orleans.Kms.Access;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Keys;
using Orleans.Kms.Grains.Quotas;
using Orleans.Kms.Grains.Trail;
using Orleans.Serialization;

namespace Orleans.Kms.Grains.Access;

/// <summary>
/// The one door to every grain of a silo, for the gateway and for direct callers alike: opens the caller token, asks whether the caller may do what the method's
/// <see cref="ActionAttribute"/> says, lets it be done, and has the trail record it before the answer leaves.
/// </summary>
internal sealed partial class CallFilter(
    CallerTokenSeal tokens, SiloPass pass, RateLimits rates, RightsCache cache, Authorization authorization, CallRecorder recorder, ILogger<CallFilter> logger) : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context)
    {
        var rule = CallRule.Of(context.InterfaceMethod);
        switch (rule.Admission)
        {
            case Admission.CallerToken:
                return Serve(context, rule, Caller());
            case Admission.AccountMember:
                return ServeMember(context, rule, Caller());
            case Admission.Anyone:
                return context.Invoke();
            case Admission.SiloPass when pass.IsPresent():
                return context.Invoke();
            // Orleans' own plumbing, clients' part in it included, runs in system targets; its grains, and its side of ours, are for silos.
            case Admission.Silo when context.TargetId.IsSystemTarget() || pass.IsPresent() || (context.SourceId is { } source && !source.IsClient()):
                return context.Invoke();
            default:
                throw new KmsException(KmsErrorCode.NotAuthenticated);
        }
    }

    private Caller Caller() => tokens.TryOpen(CallerToken.Current, out var caller) ? caller : throw new KmsException(KmsErrorCode.NotAuthenticated);

    // Part of an action that is recorded elsewhere.
    private async Task ServeMember(IIncomingGrainCallContext context, CallRule rule, Caller caller)
    {
        ChangeDraft.Detach();
        Authorization.RequireAccount(caller, rule.Action, context.TargetId.Key.ToString()!);
        if (!cache.TryGet(caller, out var rights)) rights = await cache.Find(caller);
        rights.Require();
        await context.Invoke();
    }

    private async Task Serve(IIncomingGrainCallContext context, CallRule rule, Caller caller)
    {
        var call = recorder.Begin(context, rule, caller);
        try
        {
            Authorization.RequireAccount(caller, rule.Action, context.TargetId.Key.ToString()!);
            if (rule.Rate is { } rate) rates.Require(caller.AccountId, rule.Action!, rate);
            if (!cache.TryGet(caller, out var rights)) rights = await cache.Find(caller);
            call.Rights = rights;
            rights.Require();
            // Nothing waits between the look at a CMK's tags and the call, so both see the same.
            if (!rights.IsRoot)
            {
                if (context.Grain is KeyGrain key && rule.Action is KmsActionAttribute { Resource: ResourceKind.Key }) authorization.RequireForKey(rule, context.Request, key, caller, rights);
                else await authorization.Require(rule, context, caller, rights);
            }
            call.Announce();
            await context.Invoke();
        }
        catch (Exception e)
        {
            var failure = Told(e, rule.Action!, caller);
            await call.Failed(failure);
            throw failure.AsRecorded();
        }
        await call.Succeeded();
    }

    // What is no answer to the caller tells of the inside: it is logged, and the caller hears that it is ours.
    private KmsException Told(Exception exception, ActionAttribute action, Caller caller)
    {
        switch (exception)
        {
            case KmsException e:
                return e;
            // A grain or silo that is gone, too busy or too slow, or its database; another try may find another one. Of a silo's database others hear in this form.
            case TimeoutException or OrleansException or DbException or UnavailableExceptionFallbackException:
                LogUnreached(logger, action.RamName, caller.Facts.RequestId, exception.GetType().Name);
                return new(KmsErrorCode.ServiceUnavailable);
            default:
                LogFailed(logger, action.RamName, caller.Facts.RequestId, exception);
                return new(KmsErrorCode.InternalFailure);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "{Action} {RequestId} failed.")]
    private static partial void LogFailed(ILogger logger, string action, string requestId, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "{Action} {RequestId} did not reach a grain that it needs: {Reason}")]
    private static partial void LogUnreached(ILogger logger, string action, string requestId, string reason);
}
