using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Orleans.Kms.Grains.Trail;

/// <summary>Tells whether an event is one that a query asks for. Bytes are compared first, since most of what is looked at is another event.</summary>
internal sealed class EventMatch
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    // JSON writes these as they are.
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:@ ");

    private readonly string _account;
    private readonly string _start;
    private readonly string _end;
    private readonly IReadOnlyList<(TrailField Field, string Value)> _filters;
    private readonly List<byte[]> _needles;

    public EventMatch(long accountId, TrailQuery query)
    {
        _account = accountId.ToString("D16", CultureInfo.InvariantCulture);
        (_start, _end) = (query.Start.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture), query.End.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
        _filters = query.Filters;
        _needles = [.. query.Filters.Where(filter => !filter.Value.AsSpan().ContainsAnyExcept(Plain)).Select(filter => Encoding.ASCII.GetBytes(filter.Value)), Encoding.ASCII.GetBytes(_account)];
    }

    /// <summary>Whether the query asks for the event.</summary>
    public bool Takes(ReadOnlyMemory<byte> json)
    {
        foreach (var needle in _needles)
        {
            if (json.Span.IndexOf(needle) < 0) return false;
        }
        using var document = JsonDocument.Parse(json);
        var e = document.RootElement;
        return Text(e, "recipientAccountId") == _account && IsInTime(Text(e, "eventTime")) && _filters.All(filter => Has(e, filter.Field, filter.Value));
    }

    private bool IsInTime(string? time) => string.CompareOrdinal(time, _start) >= 0 && string.CompareOrdinal(time, _end) <= 0;

    private static bool Has(JsonElement e, TrailField field, string value) => field switch
    {
        TrailField.All => true,
        TrailField.EventName => Text(e, "eventName") == value,
        TrailField.User => Text(Identity(e), "userName") == value,
        TrailField.PrincipalId => Text(Identity(e), "principalId") == value,
        TrailField.EventAccessKeyId => Text(Identity(e), "accessKeyId") == value,
        TrailField.SourceIpAddress => Text(e, "sourceIpAddress") == value,
        TrailField.ResourceName => HasPart(Text(e, "resourceName"), value, ';', ','),
        TrailField.EventId => Text(e, "eventId") == value,
        TrailField.RoleName => Text(Identity(e), "type") == "assumed-role" && Text(Identity(e), "userName")?.Split(':')[0] == value,
        TrailField.ServiceName => Text(e, "serviceName") == value,
        TrailField.EventRW => Text(e, "eventRW") == value,
        TrailField.EventType => Text(e, "eventType") == value,
        TrailField.ResourceType => HasPart(Text(e, "resourceType"), value, ';'),
        _ => false,
    };

    private static JsonElement Identity(JsonElement e) => e.TryGetProperty("userIdentity", out var identity) && identity.ValueKind == JsonValueKind.Object ? identity : default;

    private static string? Text(JsonElement e, string name) =>
        e.ValueKind == JsonValueKind.Object && e.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static bool HasPart(string? joined, string value, params char[] separators) => joined is not null && (joined == value || joined.Split(separators).Contains(value));
}
