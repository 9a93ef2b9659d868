namespace Orleans.Kms.Gateway.Actions;

internal static class DescribeAccountKmsStatusAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        await call.Grains.Directory(call.AccountId).DescribeStatus();
        call.Response.Text("AccountStatus", "Enabled");
    }
}
