using System.Globalization;
using Orleans.Kms.Errors;
using Orleans.Kms.Gateway.Actions;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Gateway.Trail;

/// <summary>
/// What LookupEvents looks for: <c>LookupAttribute.1.Key</c> and <c>LookupAttribute.1.Value</c>, or in the older version one parameter for each key. What is malformed is refused: to leave
/// it out would show everything.
/// </summary>
internal static class LookupAttributes
{
    private const string Name = "LookupAttribute";

    // The older API names a key's parameter as the key, these two apart. An event of a call has the id of its request.
    private static readonly (string Parameter, string Key)[] OlderParameters =
    [
        ("EventName", "EventName"), ("ServiceName", "ServiceName"), ("EventType", "EventType"), ("EventRW", "EventRW"), ("EventAccessKeyId", "EventAccessKeyId"),
        ("ResourceType", "ResourceType"), ("ResourceName", "ResourceName"), ("User", "User"), ("Event", "EventId"), ("Request", "EventId"),
    ];

    // What can be compared at once.
    private const int MaxOlder = 2;

    /// <summary>The attributes in the order of their numbers, which may leave some out.</summary>
    /// <exception cref="KmsException"><c>InvalidParameter.LookupAttribute</c>.</exception>
    public static EventFilter[] Read(ActionCall call)
    {
        // As an SDK sends it that knows nothing of the two halves.
        if (call.Parameters.Contains(Name)) throw Invalid();
        var attributes = new SortedDictionary<int, (string? Key, string? Value)>();
        foreach (var (rest, value) in call.WithPrefix(Name + "."))
        {
            var (number, isKey) = Split(rest);
            var (key, wanted) = attributes.GetValueOrDefault(number);
            attributes[number] = isKey ? (value, wanted) : (key, value);
        }
        if (attributes.Count > EventQuery.MaxAttributes) throw TrailErrors.Invalid(Name, $"may be given up to {EventQuery.MaxAttributes} times");
        return [.. attributes.Values.Select(attribute => attribute is { Key: { Length: > 0 } key, Value: { Length: > 0 } value } ? new EventFilter(key, value) : throw Invalid())];
    }

    /// <summary>The attributes of the older version.</summary>
    /// <exception cref="KmsException"><c>InvalidParameter.LookupAttribute</c>: more than two.</exception>
    public static EventFilter[] ReadOlder(ActionCall call)
    {
        EventFilter[] attributes = [.. OlderParameters.Where(row => call.Text(row.Parameter) is not null).Select(row => new EventFilter(row.Key, call.Required(row.Parameter)))];
        return attributes.Length <= MaxOlder ? attributes : throw TrailErrors.Invalid(attributes[MaxOlder].Key, "is the third to look for: there may be two");
    }

    private static (int Number, bool IsKey) Split(string rest)
    {
        var dot = rest.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0 || rest[0] == '0' || !int.TryParse(rest.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) throw Invalid();
        return (number, rest[(dot + 1)..] switch { "Key" => true, "Value" => false, _ => throw Invalid() });
    }

    private static KmsException Invalid() => TrailErrors.Invalid(Name, "has the form LookupAttribute.1.Key and LookupAttribute.1.Value, both of them");
}
