using System.Text.Json;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Gateway.Actions;

/// <summary>Tags as CreateKey, TagResource and UntagResource take them: in one parameter of JSON text.</summary>
internal static class TagParameters
{
    private const string Name = "Tags";

    /// <summary>The tags of <c>[{"TagKey":"k","TagValue":"v"},...]</c>; null if there are none.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidParameter"/>.</exception>
    public static Tag[]? Read(ActionCall call)
    {
        var tags = JsonParameter.Array(call, Name, Tag.MaxPerCall, ReadTag);
        if (tags is null or []) return null;
        // These actions know one code for every fault of their tags.
        var valid = tags.TrueForAll(tag => Tag.IsKey(tag.Key) && Tag.IsValue(tag.Value)) && tags.DistinctBy(tag => tag.Key).Count() == tags.Count;
        return valid ? [.. tags] : throw KmsException.InvalidParameter(Name);
    }

    /// <summary>Fails unless tag keys are there.</summary>
    public static void RequireKeys(ActionCall call) => call.Require(KeysName(call));

    /// <summary>Tag keys as a JSON array of texts or with commas between them. The documents once misspelt the parameter's name.</summary>
    public static string[] ReadKeys(ActionCall call)
    {
        var name = KeysName(call);
        var text = call.Required(name);
        string[] keys = text.TrimStart().StartsWith('[') ? [.. JsonParameter.Array(call, name, Tag.MaxPerCall, JsonParameter.Text)!] : text.Split(',', StringSplitOptions.TrimEntries);
        return keys.Length is > 0 and <= Tag.MaxPerCall && Array.TrueForAll(keys, Tag.IsKey) ? keys : throw KmsException.InvalidParameter("TagKeys");
    }

    private static string KeysName(ActionCall call) => call.Text("TagKeys") is null && call.Text("TagsKeys") is not null ? "TagsKeys" : "TagKeys";

    private static Tag? ReadTag(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object) return null;
        string? key = null;
        var value = "";
        foreach (var property in element.EnumerateObject())
        {
            var text = JsonParameter.Text(property.Value);
            if (property.NameEquals("TagKey")) key = text;
            else if (property.NameEquals("TagValue") && text is not null) value = text;
            else return null;
        }
        return key is null ? null : new(key, value);
    }
}
