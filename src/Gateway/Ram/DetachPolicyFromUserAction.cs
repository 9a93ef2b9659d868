using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class DetachPolicyFromUserAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "PolicyType", "PolicyName", "UserName");
        var type = RamParameters.Type(call);
        await call.Grains.Policies(call.AccountId).DetachPolicyFromUser(type, call.Required("PolicyName"), call.Required("UserName"));
    }
}
