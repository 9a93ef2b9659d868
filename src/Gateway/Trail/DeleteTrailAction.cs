using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Trail;

internal static class DeleteTrailAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        var name = TrailParameters.Name(call);
        await call.Grains.ActionTrail(call.AccountId).DeleteTrail(name);
    }
}
