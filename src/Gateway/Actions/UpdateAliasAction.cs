namespace Orleans.Kms.Gateway.Actions;

internal static class UpdateAliasAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        call.Require("KeyId", "AliasName");
        var alias = AliasReference.Read(call);
        await alias.Update(await KeyReference.Read(call, acceptsAlias: false));
    }
}
