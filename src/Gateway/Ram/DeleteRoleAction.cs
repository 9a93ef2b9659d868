using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class DeleteRoleAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "RoleName");
        await call.Grains.Roles(call.AccountId).DeleteRole(call.Required("RoleName"));
    }
}
