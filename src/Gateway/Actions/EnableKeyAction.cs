namespace Orleans.Kms.Gateway.Actions;

internal static class EnableKeyAction
{
    public static async ValueTask Handle(ActionCall call) => await KeyReference.Grain(call, KeyReference.Read(call, acceptsAlias: false)).Enable();
}
