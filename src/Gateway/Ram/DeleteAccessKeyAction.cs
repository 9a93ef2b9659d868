using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class DeleteAccessKeyAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "UserAccessKeyId");
        await call.Grains.Users(call.AccountId).DeleteAccessKey(call.Text("UserName"), call.Required("UserAccessKeyId"));
    }
}
