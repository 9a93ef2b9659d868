namespace Orleans.Kms.Gateway.Actions;

internal static class DescribeKeyVersionAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        call.Require("KeyId", "KeyVersionId");
        var versionId = call.RequiredVersion();
        KeyVersionFields.Write(call.Response, await call.Grains.Versions(call.AccountId, await KeyReference.Read(call, acceptsAlias: true)).DescribeVersion(versionId));
    }
}
