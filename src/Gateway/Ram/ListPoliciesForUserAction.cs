using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class ListPoliciesForUserAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "UserName");
        var policies = await call.Grains.Policies(call.AccountId).ListPoliciesForUser(call.Required("UserName"));
        RamAnswers.List(call.Response, "Policies", "Policy", policies, PolicyFields.WriteAttached);
    }
}
