using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class GetRoleAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "RoleName");
        RamAnswers.Object(call.Response, "Role", await call.Grains.Roles(call.AccountId).GetRole(call.Required("RoleName")), RoleFields.Write);
    }
}
