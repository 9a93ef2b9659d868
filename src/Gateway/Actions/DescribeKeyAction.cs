namespace Orleans.Kms.Gateway.Actions;

internal static class DescribeKeyAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        var key = await call.Grains.Key(call.AccountId, await KeyReference.Read(call, acceptsAlias: true)).Describe();
        KeyMetadataFields.Write(call.Response, key, withDeletionProtection: true);
    }
}
