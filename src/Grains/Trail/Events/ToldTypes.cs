using System.Collections.Frozen;
using System.Text.Json;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;
using Orleans.Kms.Ram;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>
/// How an argument of each type is told. There is none for <c>byte[]</c>: what is secret comes in bytes, and what comes in bytes is not told. Callers of other processes may pass
/// anything that a type can hold, nothing included.
/// </summary>
internal static class ToldTypes
{
    private static readonly JsonEncodedText True = JsonEncodedText.Encode("true");
    private static readonly JsonEncodedText False = JsonEncodedText.Encode("false");
    private static readonly JsonEncodedText Active = JsonEncodedText.Encode("Active");
    private static readonly JsonEncodedText Inactive = JsonEncodedText.Encode("Inactive");
    private static readonly JsonEncodedText None = JsonEncodedText.Encode("None");
    private static readonly JsonEncodedText DeleteOldest = JsonEncodedText.Encode("DeleteOldestNonDefaultVersionWhenLimitExceeded");

    private static readonly FrozenDictionary<Type, Action<EventJson, JsonEncodedText, object?>> Known = new Dictionary<Type, Action<EventJson, JsonEncodedText, object?>>
    {
        [typeof(string)] = Of<string>((json, name, value) => json.Text(name, value)),
        [typeof(int)] = Of<int>((json, name, value) => json.Number(name, value)),
        [typeof(bool)] = Of<bool>((json, name, value) => json.Constant(name, Flag(name.Value, value))),
        [typeof(Guid)] = Of<Guid>(Id),
        [typeof(DateTimeOffset)] = Of<DateTimeOffset>((json, name, value) => json.Number(name, value.ToUnixTimeSeconds())),
        [typeof(TimeSpan)] = (json, _, value) => ToldSettings.Rotation(json, (TimeSpan?)value),
        [typeof(KeySpec)] = OfEnum<KeySpec>(ApiNames.ApiName),
        [typeof(SigningAlgorithm)] = OfEnum<SigningAlgorithm>(ApiNames.ApiName),
        [typeof(EncryptionAlgorithm)] = OfEnum<EncryptionAlgorithm>(ApiNames.ApiName),
        [typeof(WrappingAlgorithm)] = OfEnum<WrappingAlgorithm>(ApiNames.ApiName),
        [typeof(PolicyType)] = OfEnum<PolicyType>(type => type.ToString()),
        [typeof(EncryptionContext)] = Of<EncryptionContext>(ContextKeys),
        [typeof(Guid[])] = Of<Guid[]>(ToldTags.Ids),
        [typeof(string[])] = Of<string[]>(ToldTags.Texts),
        [typeof(Tag[])] = Of<Tag[]>(ToldTags.Tags),
        [typeof(TagQuery)] = Of<TagQuery>((json, _, value) => ToldTags.Query(json, value)),
        [typeof(KeyFilter)] = Of<KeyFilter>((json, _, value) => ToldTags.Filter(json, value)),
        [typeof(KeySettings)] = Of<KeySettings>((json, _, value) => ToldSettings.Key(json, value)),
        [typeof(WrappingPublicKey)] = Of<WrappingPublicKey>((json, _, value) => ToldSettings.Recipient(json, value)),
        [typeof(PageRequest)] = Of<PageRequest>((json, _, value) => ToldSettings.Page(json, value)),
        [typeof(MarkerRequest)] = Of<MarkerRequest>((json, _, value) => ToldSettings.Page(json, value)),
        [typeof(SessionSettings)] = Of<SessionSettings>((json, _, value) => ToldSettings.Session(json, value)),
        [typeof(RamUserSettings)] = Of<RamUserSettings>((json, name, value) => ToldSettings.User(json, value, IsChange(name))),
        [typeof(RamRoleSettings)] = Of<RamRoleSettings>((json, name, value) => ToldSettings.Role(json, value, IsChange(name))),
        [typeof(EventQuery)] = Of<EventQuery>((json, _, value) => ToldTrails.Query(json, value)),
        [typeof(TrailSettings)] = Of<TrailSettings>((json, _, value) => ToldTrails.Settings(json, value)),
    }.ToFrozenDictionary();

    /// <summary>How an argument of that type is told; null if it is not.</summary>
    public static Action<EventJson, JsonEncodedText, object?>? Find(Type type) => Known.GetValueOrDefault(Nullable.GetUnderlyingType(type) ?? type);

    /// <summary>The API's spelling of an enumeration's value; its number if it has none.</summary>
    public static string Spelling<T>(T value, Func<T, string> apiName) where T : struct, Enum => Enum.IsDefined(value) ? apiName(value) : value.ToString("D");

    private static Action<EventJson, JsonEncodedText, object?> Of<T>(Action<EventJson, JsonEncodedText, T> tell) => (json, name, value) =>
    {
        if (value is T given) tell(json, name, given);
    };

    private static Action<EventJson, JsonEncodedText, object?> OfEnum<T>(Func<T, string> apiName) where T : struct, Enum =>
        Of<T>((json, name, value) => json.Text(name, Spelling(value, apiName)));

    private static JsonEncodedText Flag(string name, bool value) => name switch
    {
        "Status" => value ? Active : Inactive,
        "RotateStrategy" => value ? DeleteOldest : None,
        _ => value ? True : False,
    };

    // The gateway's word for a text that names nothing.
    private static void Id(EventJson json, JsonEncodedText name, Guid value)
    {
        var alias = name.Value == "DestinationKeyId" ? SentKeyName.Of("DestinationKeyId") : null;
        if (alias is not null) json.Text(name, alias);
        else if (value != Guid.Empty) json.Id(name, value);
    }

    private static void ContextKeys(EventJson json, JsonEncodedText name, EncryptionContext context)
    {
        if (context.Pairs is not { Count: > 0 } pairs) return;
        json.BeginArray(name);
        var count = json.Items(pairs.Count);
        for (var i = 0; i < count; i++) json.Item(pairs[i].Key);
        json.EndArray(pairs.Count - count);
    }

    private static bool IsChange(JsonEncodedText name) => name.Value == "Changes";
}
