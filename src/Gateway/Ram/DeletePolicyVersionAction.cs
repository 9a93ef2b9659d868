using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class DeletePolicyVersionAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "PolicyName", "VersionId");
        await call.Grains.Policies(call.AccountId).DeletePolicyVersion(call.Required("PolicyName"), call.Required("VersionId"));
    }
}
