namespace Orleans.Kms.Trail;

/// <summary>Which events are wanted.</summary>
/// <param name="StartTime">From when on, in whole seconds; with <paramref name="EndTime"/> or not at all. Null with that: the last 7 days.</param>
/// <param name="EndTime">Until when, that second included; at most 30 days later.</param>
/// <param name="Direction"><c>BACKWARD</c>, the newest first, which is also meant by null, or <c>FORWARD</c>.</param>
/// <param name="MaxResults">How many at most, up to 50; 0 is <see cref="DefaultMaxResults"/>.</param>
/// <param name="NextToken">From the page before; null for the first one. All else has to be as it was, <paramref name="MaxResults"/> apart.</param>
/// <param name="LookupAttributes">What has to hold of the events. The later one counts of two with the same key, then the first two.</param>
[GenerateSerializer, Immutable, Alias("kms.event-query")]
public sealed record EventQuery(
    [property: Id(0)] DateTimeOffset? StartTime, [property: Id(1)] DateTimeOffset? EndTime, [property: Id(2)] string? Direction, [property: Id(3)] int MaxResults,
    [property: Id(4)] string? NextToken, [property: Id(5)] EventFilter[] LookupAttributes)
{
    /// <summary>How many events a page has if nothing is said.</summary>
    public const int DefaultMaxResults = 20;

    /// <summary>The most events of a page.</summary>
    public const int MaxMaxResults = 50;

    /// <summary>The most attributes that a query may bring.</summary>
    public const int MaxAttributes = 20;
}

/// <summary>Something that has to hold of an event.</summary>
/// <param name="Key">What is compared, as the API names it: <c>EventName</c>, <c>User</c>, <c>ResourceName</c> ...</param>
/// <param name="Value">What it has to be, letter by letter; up to <see cref="MaxValueLength"/> characters.</param>
[GenerateSerializer, Immutable, Alias("kms.event-filter")]
public sealed record EventFilter([property: Id(0)] string Key, [property: Id(1)] string Value)
{
    /// <summary>The longest value, in characters: longer than any that is recorded in what is compared.</summary>
    public const int MaxValueLength = 1024;
}

/// <summary>A page of events.</summary>
/// <param name="Events">Each as the trail keeps it: a JSON object in UTF-8.</param>
/// <param name="NextToken">Where the next page begins; null after the last one. A page that has one may have fewer events than were wanted, even none.</param>
/// <param name="StartTime">From when on was looked.</param>
/// <param name="EndTime">Until when.</param>
[GenerateSerializer, Immutable, Alias("kms.event-page")]
public sealed record EventPage([property: Id(0)] byte[][] Events, [property: Id(1)] string? NextToken, [property: Id(2)] DateTimeOffset StartTime, [property: Id(3)] DateTimeOffset EndTime);
