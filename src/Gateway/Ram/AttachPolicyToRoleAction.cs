using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class AttachPolicyToRoleAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "PolicyType", "PolicyName", "RoleName");
        var type = RamParameters.Type(call);
        await call.Grains.Policies(call.AccountId).AttachPolicyToRole(type, call.Required("PolicyName"), call.Required("RoleName"));
    }
}
