namespace Orleans.Kms.Gateway.Actions;

internal static class CreateKeyVersionAction
{
    public static async ValueTask Handle(ActionCall call) =>
        KeyVersionFields.Write(call.Response, await call.Grains.VersionMaker(call.AccountId, await KeyReference.Read(call, acceptsAlias: true)).CreateVersion());
}
