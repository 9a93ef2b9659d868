using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class DeleteUserAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "UserName");
        await call.Grains.Users(call.AccountId).DeleteUser(call.Required("UserName"));
    }
}
