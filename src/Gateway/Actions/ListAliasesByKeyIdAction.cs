namespace Orleans.Kms.Gateway.Actions;

internal static class ListAliasesByKeyIdAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        call.Require("KeyId");
        var wanted = call.Page();
        AliasFields.Write(call.Response, wanted, await call.Grains.Labels(call.AccountId, await KeyReference.Read(call, acceptsAlias: false)).ListAliases(wanted));
    }
}
