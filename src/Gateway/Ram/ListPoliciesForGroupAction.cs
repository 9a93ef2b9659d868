using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class ListPoliciesForGroupAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "GroupName");
        var policies = await call.Grains.Policies(call.AccountId).ListPoliciesForGroup(call.Required("GroupName"));
        RamAnswers.List(call.Response, "Policies", "Policy", policies, PolicyFields.WriteAttached);
    }
}
