using Orleans.Kms.Gateway.Actions;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Gateway.Ram;

internal static class UpdateUserAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "UserName");
        var changes = new RamUserSettings(
            call.Text("NewUserName"), RamParameters.Change(call, "NewDisplayName"), RamParameters.Change(call, "NewMobilePhone"), RamParameters.Change(call, "NewEmail"),
            RamParameters.Change(call, "NewComments"));
        RamAnswers.Object(call.Response, "User", await call.Grains.Users(call.AccountId).UpdateUser(call.Required("UserName"), changes), UserFields.Write);
    }
}
