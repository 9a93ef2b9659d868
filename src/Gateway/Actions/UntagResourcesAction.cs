using Orleans.Kms.Errors;

namespace Orleans.Kms.Gateway.Actions;

internal static class UntagResourcesAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        ResourceParameters.Require(call, resources: true);
        var (tagKeys, all) = (ResourceParameters.TagKeys(call), call.Flag("All"));
        if (tagKeys.Length == 0 && !all) throw KmsException.MissingParameter("TagKey.1");
        var keyIds = ResourceParameters.Resources(call, out _);
        await call.Grains.Directory(call.AccountId).UntagResources(keyIds, tagKeys, all);
    }
}
