using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class ListPolicyVersionsAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "PolicyType", "PolicyName");
        var type = RamParameters.Type(call);
        var versions = await call.Grains.Policies(call.AccountId).ListPolicyVersions(type, call.Required("PolicyName"));
        RamAnswers.List(call.Response, "PolicyVersions", "PolicyVersion", versions, PolicyFields.WriteVersion);
    }
}
