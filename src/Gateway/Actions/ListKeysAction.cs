using Orleans.Kms.Errors;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Gateway.Actions;

internal static class ListKeysAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        if (call.Text("Filters") is not (null or "[]")) throw new KmsException(KmsErrorCode.UnsupportedOperation, "This action is not supported. Filters are not available.");
        var wanted = new PageRequest(call.Integer("PageNumber") ?? PageRequest.DefaultNumber, call.Integer("PageSize") ?? PageRequest.DefaultSize).Checked();
        var page = await call.Grains.Directory(call.AccountId).ListKeys(wanted);
        call.Response.BeginList("Keys", "Key");
        foreach (var key in page.Keys)
        {
            call.Response.BeginItem("Key");
            call.Response.Id("KeyId", key.KeyId);
            call.Response.Text("KeyArn", key.Arn);
            call.Response.EndItem("Key");
        }
        call.Response.EndList("Keys");
        call.Response.Integer("PageNumber", wanted.Number);
        call.Response.Integer("PageSize", wanted.Size);
        call.Response.Integer("TotalCount", page.TotalCount);
    }
}
