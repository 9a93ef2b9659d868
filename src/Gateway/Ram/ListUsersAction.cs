using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class ListUsersAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        var wanted = RamParameters.Page(call);
        var page = await call.Grains.Users(call.AccountId).ListUsers(wanted);
        RamAnswers.List(call.Response, "Users", "User", page.Users, UserFields.Write);
        RamAnswers.Page(call.Response, page.Marker);
    }
}
