using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Gateway.Actions;

internal static class TagResourcesAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        ResourceParameters.Require(call, resources: true);
        Tag[] tags = [.. ResourceParameters.Tags(call).Select(tag => new Tag(tag.Key, tag.Value ?? ""))];
        if (tags.Length == 0) throw KmsException.MissingParameter("Tag.1.Key");
        Tag.CheckAll(tags);
        var keyIds = ResourceParameters.Resources(call, out _);
        await call.Grains.Directory(call.AccountId).TagResources(keyIds, tags);
    }
}
