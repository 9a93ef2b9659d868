using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class GetUserAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamParameters.Require(call, "UserName");
        RamAnswers.Object(call.Response, "User", await call.Grains.Users(call.AccountId).GetUser(call.Required("UserName")), UserFields.WriteWhole);
    }
}
