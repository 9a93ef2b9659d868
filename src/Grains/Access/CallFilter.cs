using Orleans.Kms.Access;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Keys;

namespace Orleans.Kms.Grains.Access;

/// <summary>
/// The one door to every grain of a silo, for the gateway and for direct callers alike: opens the caller token and asks whether the caller may do what the
/// method's <see cref="ActionAttribute"/> says. The trail belongs here.
/// </summary>
internal sealed class CallFilter(CallerTokenSeal tokens, SiloPass pass, RightsCache cache, Authorization authorization) : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context)
    {
        var rule = CallRule.Of(context.InterfaceMethod);
        switch (rule.Admission)
        {
            case Admission.CallerToken or Admission.AccountMember:
                if (!tokens.TryOpen(CallerToken.Current, out var caller)) throw new KmsException(KmsErrorCode.NotAuthenticated);
                Authorization.RequireAccount(caller, rule.Action, context.TargetId.Key.ToString()!);
                return cache.TryGet(caller, out var rights) ? Admit(context, rule, caller, rights) : FindAndAdmit(context, rule, caller);
            case Admission.Anyone:
                return context.Invoke();
            case Admission.SiloPass when pass.IsPresent():
                return context.Invoke();
            // Orleans' own plumbing, clients' part in it included, runs in system targets; its grains, and its side of ours, are for silos.
            case Admission.Silo when context.TargetId.IsSystemTarget() || (context.SourceId is { } source && !source.IsClient()):
                return context.Invoke();
            default:
                throw new KmsException(KmsErrorCode.NotAuthenticated);
        }
    }

    private async Task FindAndAdmit(IIncomingGrainCallContext context, CallRule rule, Caller caller) => await Admit(context, rule, caller, await cache.Find(caller));

    // Nothing waits between the look at a CMK's tags and the call, so both see the same.
    private Task Admit(IIncomingGrainCallContext context, CallRule rule, Caller caller, Rights rights)
    {
        rights.Require();
        if (rights.IsRoot || rule.Action is null) return context.Invoke();
        if (context.Grain is not KeyGrain key || rule.Action is not KmsActionAttribute { Resource: ResourceKind.Key }) return AskAndInvoke(context, rule, caller, rights);
        authorization.RequireForKey(rule, context.Request, key, caller, rights);
        return context.Invoke();
    }

    private async Task AskAndInvoke(IIncomingGrainCallContext context, CallRule rule, Caller caller, Rights rights)
    {
        await authorization.Require(rule, context, caller, rights);
        await context.Invoke();
    }
}
