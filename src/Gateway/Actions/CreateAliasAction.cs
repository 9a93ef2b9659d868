namespace Orleans.Kms.Gateway.Actions;

internal static class CreateAliasAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        call.Require("KeyId", "AliasName");
        var alias = AliasReference.Read(call);
        await alias.Create(await KeyReference.Read(call, acceptsAlias: false));
    }
}
