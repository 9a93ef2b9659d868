namespace Orleans.Kms.Gateway.Actions;

internal static class ListKeyVersionsAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        call.Require("KeyId");
        var wanted = call.Page();
        var page = await call.Grains.Versions(call.AccountId, await KeyReference.Read(call, acceptsAlias: true)).ListVersions(wanted);
        call.Response.BeginList("KeyVersions", "KeyVersion");
        foreach (var version in page.Versions)
        {
            call.Response.BeginItem("KeyVersion");
            KeyVersionFields.WriteFields(call.Response, version);
            call.Response.EndItem("KeyVersion");
        }
        call.Response.EndList("KeyVersions");
        PageFields.Write(call.Response, wanted, page.TotalCount);
    }
}
