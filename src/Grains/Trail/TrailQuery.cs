namespace Orleans.Kms.Grains.Trail;

/// <summary>Which events are looked up.</summary>
/// <param name="Start">The time of the earliest, in whole seconds (UTC).</param>
/// <param name="End">The time of the latest, in whole seconds (UTC).</param>
/// <param name="Forward">Whether the oldest come first.</param>
/// <param name="Filters">What all of them have. Values are exact and case-sensitive, ids of events apart.</param>
internal sealed record TrailQuery(DateTimeOffset Start, DateTimeOffset End, bool Forward, IReadOnlyList<(TrailField Field, string Value)> Filters);
