using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class GetPolicyAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "PolicyName", "PolicyType");
        var type = RamParameters.Type(call);
        var detail = await call.Grains.Policies(call.AccountId).GetPolicy(type, call.Required("PolicyName"));
        RamAnswers.Object(call.Response, "Policy", detail, PolicyFields.WriteWhole);
        RamAnswers.Object(call.Response, "DefaultPolicyVersion", detail.DefaultPolicyVersion, PolicyFields.WriteVersion);
    }
}
