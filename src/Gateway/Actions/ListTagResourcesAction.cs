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
        // There are no secrets, so none has tags.
        var page = isSecret ? new([], null) : await call.Grains.Directory(call.AccountId).ListTagResources(query);
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
