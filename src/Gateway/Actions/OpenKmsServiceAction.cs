namespace Orleans.Kms.Gateway.Actions;

internal static class OpenKmsServiceAction
{
    public static async ValueTask Handle(ActionCall call) => await call.Grains.Directory(call.AccountId).OpenService();
}
