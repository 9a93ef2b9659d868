namespace Orleans.Kms.Gateway.Actions;

internal static class UntagResourceAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        TagParameters.RequireKeys(call);
        TaggedResource.RequireKey(call);
        var keys = TagParameters.ReadKeys(call);
        await call.Grains.Labels(call.AccountId, await KeyReference.Read(call, acceptsAlias: false)).RemoveTags(keys);
    }
}
