namespace Orleans.Kms.Gateway.Actions;

internal static class ListAliasesAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        var wanted = call.Page();
        AliasFields.Write(call.Response, wanted, await call.Grains.Directory(call.AccountId).ListAliases(wanted));
    }
}
