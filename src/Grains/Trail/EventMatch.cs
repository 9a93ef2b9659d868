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
    /// <exception cref="JsonException">It is not what was written, see <see cref="EventValues.IsDamage"/>.</exception>
    public bool Takes(ReadOnlyMemory<byte> json)
    {
        foreach (var needle in _needles)
        {
            if (json.Span.IndexOf(needle) < 0) return false;
        }
        EventValues.RequireText(json.Span);
        using var document = JsonDocument.Parse(json);
        var e = document.RootElement;
        return EventValues.Text(e, "recipientAccountId") == _account && IsInTime(EventValues.Text(e, "eventTime"))
            && _filters.All(filter => EventValues.Of(e, filter.Field).Contains(filter.Value));
    }

    private bool IsInTime(string? time) => string.CompareOrdinal(time, _start) >= 0 && string.CompareOrdinal(time, _end) <= 0;
}
