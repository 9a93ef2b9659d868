using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class CreatePolicyAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "PolicyName", "PolicyDocument");
        var description = RamParameters.Quoted(call, "Description");
        var policy = await call.Grains.Policies(call.AccountId).CreatePolicy(call.Required("PolicyName"), call.Required("PolicyDocument"), description);
        RamAnswers.Object(call.Response, "Policy", policy, PolicyFields.WriteNew);
    }
}
