using System.Globalization;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Gateway.Actions;

/// <summary>
/// Resources and tags as TagResources, UntagResources and ListTagResources take them: one parameter per element, <c>ResourceId.1</c>, <c>Tag.1.Key</c>. Numbers begin at 1 and
/// give the order; they may leave some out.
/// </summary>
internal static class ResourceParameters
{
    private const string KeyType = "key";
    private const string SecretType = "secret";
    private const string ResourceId = "ResourceId";

    /// <summary>Fails unless the parameters are there that all three need, and if wanted at least one resource.</summary>
    public static void Require(ActionCall call, bool resources)
    {
        call.Require("RegionId", "ResourceType");
        OtherRegions.Refuse(call);
        if (resources && Elements(call, ResourceId, TagQuery.MaxResources).Count == 0) throw KmsException.MissingParameter(ResourceId);
    }

    /// <summary>The CMKs that a call names. Its region is that of the service that it was sent to, unless <c>RegionId</c> names one of the others.</summary>
    /// <exception cref="KmsException">
    /// <see cref="KmsErrorCode.MissingParameter"/>; <see cref="KmsErrorCode.InvalidParameter"/>; <see cref="KmsErrorCode.TagResourceNotFound"/> also for secrets, of which there are none.
    /// </exception>
    public static Guid[] Resources(ActionCall call, out bool isSecret)
    {
        var type = call.Text("ResourceType");
        if (type is not (KeyType or SecretType)) throw KmsException.InvalidParameter("ResourceType");
        isSecret = type == SecretType;
        var names = Elements(call, ResourceId, TagQuery.MaxResources).Select(element => element.Value).ToArray();
        if (isSecret && names.Length > 0) throw new KmsException(KmsErrorCode.TagResourceNotFound);
        return [.. names.Select(name => KeyId.TryParse(name, out var id) ? id : throw new KmsException(KmsErrorCode.TagResourceNotFound)).Distinct()];
    }

    /// <summary>The tags of <c>Tag.N.Key</c> and <c>Tag.N.Value</c>; a value is null where none was sent.</summary>
    public static TagCondition[] Tags(ActionCall call)
    {
        var tags = new SortedDictionary<int, (string? Key, string? Value)>();
        foreach (var (name, value) in call.WithPrefix("Tag."))
        {
            var (number, field) = Split(name);
            tags.TryGetValue(number, out var tag);
            tags[number] = field switch
            {
                "Key" => (value, tag.Value),
                "Value" => (tag.Key, value),
                _ => throw KmsException.InvalidParameter("Tag." + name),
            };
        }
        if (tags.Count > Tag.MaxPerCall) throw KmsException.InvalidParameter("Tag");
        return [.. tags.Values.Select(tag => Tag.IsKey(tag.Key) ? new TagCondition(tag.Key!, tag.Value) : throw new KmsException(KmsErrorCode.InvalidTagKey))];
    }

    /// <summary>The tag keys of <c>TagKey.N</c>.</summary>
    public static string[] TagKeys(ActionCall call) =>
        [.. Elements(call, "TagKey", Tag.MaxPerCall).Select(element => Tag.IsKey(element.Value) ? element.Value : throw new KmsException(KmsErrorCode.InvalidTagKey))];

    private static SortedDictionary<int, string> Elements(ActionCall call, string parameter, int max)
    {
        var elements = new SortedDictionary<int, string>();
        foreach (var (name, value) in call.WithPrefix(parameter + "."))
        {
            if (!TryReadNumber(name, out var number)) throw KmsException.InvalidParameter($"{parameter}.{name}");
            if (value.Length > 0) elements[number] = value;
        }
        return elements.Count <= max ? elements : throw KmsException.InvalidParameter(parameter);
    }

    private static (int Number, string Field) Split(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && TryReadNumber(name.AsSpan(0, dot), out var number) ? (number, name[(dot + 1)..]) : throw KmsException.InvalidParameter("Tag." + name);
    }

    // One spelling per number: two of them could name one element.
    private static bool TryReadNumber(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0 && text[0] != '0';
}
