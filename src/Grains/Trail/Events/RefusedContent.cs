using System.Text.Json;
using Orleans.Kms.Aliases;
using Orleans.Kms.Keys;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>
/// What a call has to tell that was refused on its way to a grain: its parameters as they were sent, as far as they may be recorded. Whoever tells of the call is not believed: what
/// may be is looked at again.
/// </summary>
internal readonly record struct RefusedContent(RefusedCall Refused) : IEventContent
{
    private const string KeyInArn = ":key/";

    private IEnumerable<(string Name, string Value)> Parameters =>
        (Refused.Parameters ?? []).Take(RecordedParameters.MaxCount).Where(parameter => parameter is { Key: not null, Value: not null }).Select(parameter => (parameter.Key, parameter.Value));

    public void FindResources(EventResources resources)
    {
        foreach (var (name, value) in Parameters) Find(resources, name, value);
    }

    public void WriteParameters(EventJson json)
    {
        foreach (var (name, value) in Parameters)
        {
            if (RecordedParameters.IsRecorded(name)) json.Text(name, value);
            else if (RecordedParameters.IsContextKeys(name)) WriteKeys(json, name, value);
        }
    }

    public void WriteResponse(EventJson json) { }

    private void Find(EventResources resources, string name, string value)
    {
        switch (Refused.Action?.Service, name)
        {
            case ("kms", "KeyId" or "SourceKeyId" or "DestinationKeyId" or "ProtectedResourceArn"): FindKey(resources, value); break;
            case ("kms", "AliasName"): resources.Add(EventResources.Alias, value); break;
            case ("kms", _) when name.StartsWith("ResourceId.", StringComparison.Ordinal): FindKey(resources, value); break;
            case ("ram", "UserName"): resources.Add(EventResources.User, value); break;
            case ("ram", "GroupName"): resources.Add(EventResources.Group, value); break;
            case ("ram", "RoleName"): resources.Add(EventResources.Role, value); break;
            case ("ram", "PolicyName"): resources.Add(EventResources.Policy, value); break;
            case ("ram", "UserAccessKeyId"): resources.Add(EventResources.AccessKey, value); break;
            case ("sts", "RoleArn"): resources.Add(EventResources.Role, ToldResources.RoleIn(value)); break;
            case ("actiontrail", "Name"): resources.Add(EventResources.Trail, value); break;
        }
    }

    private static void FindKey(EventResources resources, string name)
    {
        var id = name.LastIndexOf(KeyInArn, StringComparison.Ordinal) is >= 0 and var key ? name[(key + KeyInArn.Length)..] : name;
        if (KeyId.TryParse(id, out var keyId)) resources.AddKey(keyId);
        else if (AliasName.IsValid(name)) resources.Add(EventResources.Alias, name);
    }

    private static void WriteKeys(EventJson json, string name, string value)
    {
        string?[]? keys;
        try { keys = JsonSerializer.Deserialize<string?[]>(value); }
        catch (JsonException) { return; }
        if (keys is null) return;
        json.BeginArray(JsonEncodedText.Encode(name));
        var count = json.Items(keys.Length);
        for (var i = 0; i < count; i++) json.Item(keys[i]);
        json.EndArray(keys.Length - count);
    }
}
