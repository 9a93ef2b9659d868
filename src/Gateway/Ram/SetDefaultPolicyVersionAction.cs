using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class SetDefaultPolicyVersionAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "PolicyName", "VersionId");
        await call.Grains.Policies(call.AccountId).SetDefaultPolicyVersion(call.Required("PolicyName"), call.Required("VersionId"));
    }
}
