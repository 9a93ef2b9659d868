using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class ListPoliciesForRoleAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "RoleName");
        var policies = await call.Grains.Policies(call.AccountId).ListPoliciesForRole(call.Required("RoleName"));
        RamAnswers.List(call.Response, "Policies", "Policy", policies, PolicyFields.WriteAttached);
    }
}
