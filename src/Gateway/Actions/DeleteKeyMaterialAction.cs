namespace Orleans.Kms.Gateway.Actions;

internal static class DeleteKeyMaterialAction
{
    public static async ValueTask Handle(ActionCall call) => await call.Grains.Import(call.AccountId, await KeyReference.Read(call, acceptsAlias: false)).DeleteMaterial();
}
