using Orleans.Kms.Gateway.Actions;
using Orleans.Kms.Gateway.Ram;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Gateway.Trail;

internal static class GetTrailStatusAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        var name = TrailParameters.Name(call);
        if (RamParameters.Flag(call, "IsOrganizationTrail")) throw TrailErrors.NotOffered("IsOrganizationTrail");
        TrailFields.WriteStatus(call.Response, await call.Grains.ActionTrail(call.AccountId).GetTrailStatus(name));
    }
}
