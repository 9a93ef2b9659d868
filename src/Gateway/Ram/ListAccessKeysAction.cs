using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Ram;

internal static class ListAccessKeysAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        RamAnswers.List(call.Response, "AccessKeys", "AccessKey", await call.Grains.Users(call.AccountId).ListAccessKeys(call.Text("UserName")), AccessKeyFields.Write);
    }
}
