using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class ListPoliciesAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        var type = RamParameters.OptionalType(call);
        var wanted = RamParameters.Page(call);
        var page = await call.Grains.Policies(call.AccountId).ListPolicies(type, wanted);
        RamAnswers.List(call.Response, "Policies", "Policy", page.Policies, PolicyFields.WriteListed);
        RamAnswers.Page(call.Response, page.Marker);
    }
}
