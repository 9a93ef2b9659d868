using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class DeletePolicyAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "PolicyName");
        var cascading = RamParameters.Flag(call, "CascadingDelete");
        await call.Grains.Policies(call.AccountId).DeletePolicy(call.Required("PolicyName"), cascading);
    }
}
