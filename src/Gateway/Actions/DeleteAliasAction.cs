namespace Orleans.Kms.Gateway.Actions;

internal static class DeleteAliasAction
{
    public static async ValueTask Handle(ActionCall call) => await AliasReference.Read(call).Delete();
}
