using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class GetPolicyVersionAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "PolicyType", "PolicyName", "VersionId");
        var type = RamParameters.Type(call);
        var version = await call.Grains.Policies(call.AccountId).GetPolicyVersion(type, call.Required("PolicyName"), call.Required("VersionId"));
        RamAnswers.Object(call.Response, "PolicyVersion", version, PolicyFields.WriteVersion);
    }
}
