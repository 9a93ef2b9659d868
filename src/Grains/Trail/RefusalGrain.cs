using Orleans.Concurrency;
using Orleans.Kms.Access;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Trail;

/// <summary>Records what gateways refused. Holds nothing.</summary>
[StatelessWorker, Reentrant, CollectionAgeLimit(Minutes = 2)]
internal sealed class RefusalGrain(CallerTokenSeal callers, RightsCache cache, CallRecorder recorder) : Grain, IRefusalGrain
{
    public async Task Record(RefusedCall refused)
    {
        if (!callers.TryOpen(CallerToken.Current, out var caller)) throw new KmsException(KmsErrorCode.NotAuthenticated);
        if (refused?.Action is null) throw KmsException.InvalidParameter("Action");
        cache.TryGet(caller, out var rights);
        await recorder.Refused(refused, caller, rights);
    }
}
