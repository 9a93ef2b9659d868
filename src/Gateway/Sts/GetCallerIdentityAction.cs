using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Sts;

internal static class GetCallerIdentityAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        CallerFields.Write(call.Response, await call.Grains.Sts(call.AccountId).GetCallerIdentity());
    }
}
