using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class DetachPolicyFromRoleAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "PolicyType", "PolicyName", "RoleName");
        var type = RamParameters.Type(call);
        await call.Grains.Policies(call.AccountId).DetachPolicyFromRole(type, call.Required("PolicyName"), call.Required("RoleName"));
    }
}
