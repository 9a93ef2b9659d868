namespace Orleans.Kms.Gateway.Actions;

internal static class UpdateAliasAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        call.Required("KeyId");
        var alias = AliasReference.Read(call);
        await alias.Update(await KeyReference.Read(call, acceptsAlias: false));
    }
}
