using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class DetachPolicyFromGroupAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "PolicyType", "PolicyName", "GroupName");
        var type = RamParameters.Type(call);
        await call.Grains.Policies(call.AccountId).DetachPolicyFromGroup(type, call.Required("PolicyName"), call.Required("GroupName"));
    }
}
