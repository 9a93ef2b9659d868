using System.Text.Json;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Gateway.Actions;

/// <summary>
/// The parameter <c>Filters</c> of ListKeys: <c>[{"Key":"KeyState","Values":["Enabled"]},...]</c>. Values of one key are alternatives, also where the key is given twice; different
/// keys have to hold together. A key without values says nothing.
/// </summary>
internal static class KeyFilters
{
    private const string Name = "Filters";
    private const int MaxFilters = 10;
    private const int MaxValues = 10;

    /// <summary>The filter; the one that shows all if there is none.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidParameter"/>: malformed, or a key or value that the API does not know.</exception>
    public static KeyFilter Read(ActionCall call)
    {
        if (JsonParameter.Array(call, Name, MaxFilters, ReadFilter) is not { Count: > 0 } filters) return KeyFilter.All;
        var values = filters.Where(filter => filter.Values.Count > 0).ToLookup(filter => filter.Key, filter => filter.Values);
        // No key belongs to an instance, and the service makes none for itself.
        if (values.Contains("DKMSInstanceId")) return KeyFilter.None;
        if (values.Contains("CreatorType") && !Values(values, "CreatorType", ["User", "Service"]).Contains("User")) return KeyFilter.None;
        return new(
            Of<KeyState>(values, "KeyState", ApiNames.ApiName), Of<KeySpec>(values, "KeySpec", ApiNames.ApiName, OtherSpecs.Names),
            Of<KeyUsage>(values, "KeyUsage", ApiNames.ApiName), Of<ProtectionLevel>(values, "ProtectionLevel", ApiNames.ApiName));
    }

    private static T[]? Of<T>(ILookup<string, List<string>> values, string key, Func<T, string> apiName, params string[] others) where T : struct, Enum
    {
        if (!values.Contains(key)) return null;
        var known = Enum.GetValues<T>();
        var wanted = Values(values, key, [.. known.Select(apiName), .. others]);
        return [.. known.Where(value => wanted.Contains(apiName(value)))];
    }

    private static HashSet<string> Values(ILookup<string, List<string>> values, string key, string[] known)
    {
        var wanted = values[key].SelectMany(list => list).ToHashSet();
        return wanted.IsSubsetOf(known) ? wanted : throw KmsException.InvalidParameter(Name);
    }

    private static Filter? ReadFilter(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object) return null;
        string? key = null;
        var values = new List<string>();
        foreach (var property in element.EnumerateObject())
        {
            if (property.NameEquals("Key")) key = JsonParameter.Text(property.Value);
            else if (property.NameEquals("Values") && property.Value.ValueKind == JsonValueKind.Array && property.Value.GetArrayLength() <= MaxValues)
            {
                foreach (var value in property.Value.EnumerateArray())
                {
                    if (JsonParameter.Text(value) is not { } text) return null;
                    values.Add(text);
                }
            }
            else return null;
        }
        return key is "KeyState" or "KeySpec" or "KeyUsage" or "ProtectionLevel" or "CreatorType" or "DKMSInstanceId" ? new(key, values) : null;
    }

    private sealed record Filter(string Key, List<string> Values);
}
