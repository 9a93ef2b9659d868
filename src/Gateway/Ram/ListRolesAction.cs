using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class ListRolesAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        var wanted = RamParameters.Page(call);
        var page = await call.Grains.Roles(call.AccountId).ListRoles(wanted);
        RamAnswers.List(call.Response, "Roles", "Role", page.Roles, RoleFields.WriteListed);
        RamAnswers.Page(call.Response, page.Marker);
    }
}
