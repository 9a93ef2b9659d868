using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class ListGroupsForUserAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "UserName");
        RamAnswers.List(call.Response, "Groups", "Group", await call.Grains.Groups(call.AccountId).ListGroupsForUser(call.Required("UserName")), GroupFields.WriteMembership);
    }
}
