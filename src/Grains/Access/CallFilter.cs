using Orleans.Kms.Access;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Access;

/// <summary>
/// The one door to every grain of a silo, for the gateway and for direct callers alike: opens the caller token and asks whether the caller may do what the
/// method's <see cref="KmsActionAttribute"/> says. Policies and the trail belong here.
/// </summary>
internal sealed class CallFilter(CallerTokenSeal tokens, SiloPass pass) : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context)
    {
        var rule = CallRule.Of(context.InterfaceMethod);
        switch (rule.Admission)
        {
            case Admission.CallerToken:
                if (!tokens.TryOpen(CallerToken.Current, out var caller)) throw new KmsException(KmsErrorCode.NotAuthenticated);
                if (Authorization.Refusal(caller, (KmsActionAttribute)rule.Action!, context.TargetId.Key.ToString()!) is { } refusal) throw new KmsException(refusal);
                return context.Invoke();
            case Admission.AccountMember:
                if (!tokens.TryOpen(CallerToken.Current, out var member)) throw new KmsException(KmsErrorCode.NotAuthenticated);
                if (!Authorization.IsOfAccount(member, context.TargetId.Key.ToString()!)) throw new KmsException(KmsErrorCode.NoPermission);
                return context.Invoke();
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
}
