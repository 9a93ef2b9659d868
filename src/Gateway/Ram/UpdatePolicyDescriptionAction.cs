using Orleans.Kms.Gateway.Actions;
using Orleans.Kms.Gateway.Protocol;

namespace Orleans.Kms.Gateway.Ram;

internal static class UpdatePolicyDescriptionAction
{
    private const string NewDescription = "NewDescription";

    // An empty description was sent on purpose: it clears the old one.
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "PolicyName");
        var description = RamParameters.Change(call, NewDescription) ?? throw ApiException.Missing(NewDescription);
        var policy = await call.Grains.Policies(call.AccountId).UpdatePolicyDescription(call.Required("PolicyName"), description);
        RamAnswers.Object(call.Response, "Policy", policy, PolicyFields.WriteChanged);
    }
}
