using Orleans.Kms.Listing;

namespace Orleans.Kms.Gateway.Actions;

internal static class ListTagResourcesAction
{
    private const string ResourceType = "key";

    public static async ValueTask Handle(ActionCall call)
    {
        ResourceParameters.Require(call, resources: false);
        var tags = ResourceParameters.Tags(call);
        var keyIds = ResourceParameters.Resources(call, out var isSecret);
        var query = new TagQuery(keyIds, tags, call.Text("NextToken")).Checked();
        var page = await call.Grains.Directory(call.AccountId).ListTagResources(query);
        // There are no secrets, so none has tags; who asks needs the permission all the same, and is recorded.
        if (isSecret) page = new([], null);
        call.Response.BeginList("TagResources", "TagResource");
        foreach (var (keyId, tag) in page.Tags)
        {
            call.Response.BeginItem("TagResource");
            call.Response.Id("ResourceId", keyId);
            call.Response.Text("ResourceType", ResourceType);
            call.Response.Text("TagKey", tag.Key);
            call.Response.Text("TagValue", tag.Value);
            call.Response.EndItem("TagResource");
        }
        call.Response.EndList("TagResources");
        call.Response.Text("NextToken", page.NextToken ?? "");
    }
}
