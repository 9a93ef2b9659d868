using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class ListGroupsAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        var wanted = RamParameters.Page(call);
        var page = await call.Grains.Groups(call.AccountId).ListGroups(wanted);
        RamAnswers.List(call.Response, "Groups", "Group", page.Groups, GroupFields.Write);
        RamAnswers.Page(call.Response, page.Marker);
    }
}
