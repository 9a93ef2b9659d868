using Orleans.Kms.Gateway.Actions;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Gateway.Ram;

internal static class CreateUserAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "UserName");
        var settings = new RamUserSettings(
            call.Required("UserName"), RamParameters.Quoted(call, "DisplayName"), RamParameters.Quoted(call, "MobilePhone"), RamParameters.Quoted(call, "Email"),
            RamParameters.Quoted(call, "Comments"));
        RamAnswers.Object(call.Response, "User", await call.Grains.Users(call.AccountId).CreateUser(settings), UserFields.WriteNew);
    }
}
