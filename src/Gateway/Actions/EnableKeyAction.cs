namespace Orleans.Kms.Gateway.Actions;

internal static class EnableKeyAction
{
    public static async ValueTask Handle(ActionCall call) => await call.Grains.Key(call.AccountId, await KeyReference.Read(call, acceptsAlias: false)).Enable();
}
