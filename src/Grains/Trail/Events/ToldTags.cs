using System.Text.Encodings.Web;
using System.Text.Json;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>Tells lists in the forms in which clients send them: as JSON text, or one parameter per element, <c>ResourceId.1</c>.</summary>
internal static class ToldTags
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Tags.</summary>
    public static void Tags(EventJson json, JsonEncodedText name, Tag[] tags)
    {
        if (name.Value == "Tag") Pairs(json, tags.Select(tag => (tag?.Key, tag?.Value)), tags.Length);
        else json.Text(name, Text(tags.Take(json.Items(tags.Length)).Select(tag => new { TagKey = tag?.Key, TagValue = tag?.Value })));
    }

    /// <summary>UUIDs.</summary>
    public static void Ids(EventJson json, JsonEncodedText name, Guid[] ids)
    {
        for (var i = 0; i < json.Items(ids.Length); i++) json.Id(Numbered(name, i), ids[i]);
    }

    /// <summary>Texts.</summary>
    public static void Texts(EventJson json, JsonEncodedText name, string?[] texts)
    {
        var told = texts.Take(json.Items(texts.Length));
        switch (name.Value)
        {
            case "TagKey":
                foreach (var (i, text) in told.Index()) json.Text(Numbered(name, i), text);
                break;
            case "NameList":
                json.Text(name, string.Join(',', told));
                break;
            default:
                json.Text(name, Text(told));
                break;
        }
    }

    /// <summary>Which tags are wanted.</summary>
    public static void Query(EventJson json, TagQuery query)
    {
        if (query.KeyIds is { } ids) Ids(json, JsonEncodedText.Encode("ResourceId"), ids);
        if (query.Tags is { } tags) Pairs(json, tags.Select(tag => (tag?.Key, tag?.Value)), tags.Length);
        json.Text("NextToken", query.NextToken);
    }

    /// <summary>Which CMKs a list shows.</summary>
    public static void Filter(EventJson json, KeyFilter filter)
    {
        List<object> filters =
        [
            .. One("KeyState", filter.States, ApiNames.ApiName), .. One("KeySpec", filter.Specs, ApiNames.ApiName),
            .. One("KeyUsage", filter.Usages, ApiNames.ApiName), .. One("ProtectionLevel", filter.Levels, ApiNames.ApiName),
        ];
        if (filters.Count > 0) json.Text("Filters", Text(filters));

        IEnumerable<object> One<T>(string key, T[]? values, Func<T, string> apiName) where T : struct, Enum
        {
            if (values is not null) yield return new { Key = key, Values = values.Take(json.Items(values.Length)).Select(value => ToldTypes.Spelling(value, apiName)) };
        }
    }

    private static void Pairs(EventJson json, IEnumerable<(string? Key, string? Value)> pairs, int count)
    {
        foreach (var (i, (key, value)) in pairs.Take(json.Items(count)).Index())
        {
            json.Text($"Tag.{i + 1}.Key", key);
            json.Text($"Tag.{i + 1}.Value", value);
        }
    }

    private static JsonEncodedText Numbered(JsonEncodedText name, int index) => JsonEncodedText.Encode($"{name.Value}.{index + 1}");

    private static string Text<T>(IEnumerable<T> values) => JsonSerializer.Serialize(values, Relaxed);
}
