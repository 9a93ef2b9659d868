using Orleans.Kms.Access;

namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>Who, when, where and how it ended: what every event tells.</summary>
/// <param name="Action">What was called or done.</param>
/// <param name="Identity">Who it is of.</param>
/// <param name="Time">When it happened (UTC).</param>
/// <param name="Id">The event's id.</param>
/// <param name="Facts">What the gateway saw; null for what the service does by itself.</param>
/// <param name="Failure">How it failed; null if it did not.</param>
/// <param name="IsRecovered">Whether it is told how things stood before the call ended.</param>
/// <param name="Operator">The operator who had it done; null if there is none.</param>
internal readonly record struct EventFrame(
    EventAction Action, EventIdentity Identity, DateTimeOffset Time, Guid Id, RequestFacts? Facts, EventFailure? Failure = null, bool IsRecovered = false, string? Operator = null);
