namespace Orleans.Kms.Gateway.Actions;

internal static class ListKeysAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        var (wanted, filter) = (call.Page(), KeyFilters.Read(call));
        var page = await call.Grains.Directory(call.AccountId).ListKeys(wanted, filter);
        call.Response.BeginList("Keys", "Key");
        foreach (var key in page.Keys)
        {
            call.Response.BeginItem("Key");
            call.Response.Id("KeyId", key.KeyId);
            call.Response.Text("KeyArn", key.Arn);
            call.Response.EndItem("Key");
        }
        call.Response.EndList("Keys");
        PageFields.Write(call.Response, wanted, page.TotalCount);
    }
}
