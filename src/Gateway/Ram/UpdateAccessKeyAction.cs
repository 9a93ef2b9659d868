using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class UpdateAccessKeyAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "UserAccessKeyId", "Status");
        var isActive = call.Required("Status") switch
        {
            "Active" => true,
            "Inactive" => false,
            _ => throw RamParameters.Invalid("Status", "has to be Active or Inactive"),
        };
        await call.Grains.Users(call.AccountId).UpdateAccessKey(call.Text("UserName"), call.Required("UserAccessKeyId"), isActive);
    }
}
