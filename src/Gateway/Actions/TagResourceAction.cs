using Orleans.Kms.Errors;

namespace Orleans.Kms.Gateway.Actions;

internal static class TagResourceAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        call.Require("Tags");
        TaggedResource.RequireKey(call);
        var tags = TagParameters.Read(call) ?? throw KmsException.InvalidParameter("Tags");
        await call.Grains.Labels(call.AccountId, await KeyReference.Read(call, acceptsAlias: true)).AddTags(tags);
    }
}
