namespace Orleans.Kms.Gateway.Actions;

internal static class ListResourceTagsAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        var keyId = await KeyReference.Read(call, acceptsAlias: false);
        var tags = await call.Grains.Labels(call.AccountId, keyId).ListTags();
        call.Response.BeginList("Tags", "Tag");
        foreach (var tag in tags)
        {
            call.Response.BeginItem("Tag");
            call.Response.Id("KeyId", keyId);
            call.Response.Text("TagKey", tag.Key);
            call.Response.Text("TagValue", tag.Value);
            call.Response.EndItem("Tag");
        }
        call.Response.EndList("Tags");
    }
}
