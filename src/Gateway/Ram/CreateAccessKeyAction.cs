using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class CreateAccessKeyAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamAnswers.Object(call.Response, "AccessKey", await call.Grains.Users(call.AccountId).CreateAccessKey(call.Text("UserName")), AccessKeyFields.WriteNew);
    }
}
