using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class ListUsersForGroupAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "GroupName");
        var wanted = RamParameters.Page(call);
        var page = await call.Grains.Groups(call.AccountId).ListUsersForGroup(call.Required("GroupName"), wanted);
        RamAnswers.List(call.Response, "Users", "User", page.Members, UserFields.WriteMember);
        RamAnswers.Page(call.Response, page.Marker);
    }
}
