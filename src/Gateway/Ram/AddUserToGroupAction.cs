using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class AddUserToGroupAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "UserName", "GroupName");
        await call.Grains.Groups(call.AccountId).AddUserToGroup(call.Required("UserName"), call.Required("GroupName"));
    }
}
