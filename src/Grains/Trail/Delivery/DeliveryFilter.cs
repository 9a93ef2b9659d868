using System.Text.Json;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Trail.Delivery;

/// <summary>Which events a trail delivers.</summary>
/// <param name="AccountId">Its account: no trail delivers another one's.</param>
/// <param name="EventRW"><c>Write</c>, <c>Read</c> or <c>All</c>.</param>
/// <param name="TrailRegion">A region's id, or <c>All</c>.</param>
internal sealed record DeliveryFilter(string AccountId, string EventRW, string TrailRegion)
{
    /// <summary>Whether it delivers this one; null if it is not what was written and cannot be read.</summary>
    public bool? Takes(ReadOnlySpan<byte> json)
    {
        try
        {
            EventValues.RequireText(json);
            return IsWanted(json);
        }
        catch (Exception e) when (EventValues.IsDamage(e)) { return null; }
    }

    private bool IsWanted(ReadOnlySpan<byte> json)
    {
        var (isOwn, isWanted, isHere, isGlobal) = (false, EventRW == TrailNames.All, TrailRegion == TrailNames.All, false);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("recipientAccountId"u8)) isOwn = Is(ref reader, AccountId);
            else if (reader.ValueTextEquals("eventRW"u8)) isWanted |= Is(ref reader, EventRW);
            else if (reader.ValueTextEquals("acsRegion"u8)) isHere |= Is(ref reader, TrailRegion);
            else if (reader.ValueTextEquals("isGlobal"u8)) isGlobal = reader.Read() && reader.TokenType == JsonTokenType.True;
            else reader.Skip();
        }
        return isOwn && isWanted && (isHere || isGlobal);
    }

    private static bool Is(ref Utf8JsonReader reader, string value) => reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(value);
}
