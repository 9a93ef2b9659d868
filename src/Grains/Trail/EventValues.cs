using System.Text.Json;
using System.Text.Unicode;

namespace Orleans.Kms.Grains.Trail;

/// <summary>What an event is found by, as the event itself tells it.</summary>
internal static class EventValues
{
    // In a UUID as text.
    private const int TimeLength = 13;
    private const int VersionPlace = 14;

    /// <summary>The values of a field: none if the event has no such field, several of resources.</summary>
    public static string[] Of(JsonElement e, TrailField field) => field switch
    {
        TrailField.EventName => One(Text(e, "eventName")),
        TrailField.User => One(Text(Identity(e), "userName")),
        TrailField.PrincipalId => One(Text(Identity(e), "principalId")),
        TrailField.EventAccessKeyId => One(Text(Identity(e), "accessKeyId")),
        TrailField.SourceIpAddress => One(Text(e, "sourceIpAddress")),
        TrailField.ResourceName => Text(e, "resourceName")?.Split(';', ',') ?? [],
        TrailField.EventId => One(Text(e, "eventId")),
        TrailField.RoleName => Text(Identity(e), "type") == "assumed-role" ? One(Text(Identity(e), "userName")?.Split(':')[0]) : [],
        TrailField.ServiceName => One(Text(e, "serviceName")),
        TrailField.EventRW => One(Text(e, "eventRW")),
        TrailField.EventType => One(Text(e, "eventType")),
        TrailField.ResourceType => Text(e, "resourceType")?.Split(';') ?? [],
        _ => [],
    };

    /// <summary>
    /// Whether reading an event failed because it is not what was written: no JSON, or with a text that is no text, which shows only where that text is asked for.
    /// </summary>
    public static bool IsDamage(Exception e) => e is JsonException or InvalidOperationException;

    /// <summary>Fails if the bytes are no UTF-8, which <see cref="JsonDocument"/> does not look at.</summary>
    /// <exception cref="JsonException"/>
    public static void RequireText(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json)) throw new JsonException("The event is no UTF-8.");
    }

    /// <summary>What events are put in the order of their times by: the second, and the millisecond where the id tells it, as UUIDs of version 7 do. More nothing tells.</summary>
    public static string Order(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var (time, id) = (Text(document.RootElement, "eventTime"), Text(document.RootElement, "eventId"));
        return id is { Length: 36 } && id[VersionPlace] == '7' ? $"{time} {id.AsSpan(0, TimeLength)}" : time ?? "";
    }

    /// <summary>A member of an object that is a text; null if there is none.</summary>
    public static string? Text(JsonElement e, string name) =>
        e.ValueKind == JsonValueKind.Object && e.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static JsonElement Identity(JsonElement e) => e.ValueKind == JsonValueKind.Object && e.TryGetProperty("userIdentity", out var identity) ? identity : default;

    private static string[] One(string? value) => value is null ? [] : [value];
}
