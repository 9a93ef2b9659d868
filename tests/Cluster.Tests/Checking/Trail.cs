using Orleans.Kms.Cluster.Tests.History;

namespace Orleans.Kms.Cluster.Tests.Checking;

/// <summary>Whether each answered call has its event.</summary>
internal static class Trail
{
    // A gateway repeats a call that changes nothing when its silo died, and each time that it was carried out has its event.
    private static readonly HashSet<string> Repeatable = ["Encrypt", "Decrypt", "GenerateDataKey", "DescribeKey", "GetParametersForImport"];

    /// <summary>The calls without an event, and those with more than one.</summary>
    /// <param name="calls">All calls.</param>
    /// <param name="events">How many events each request id has.</param>
    public static (IReadOnlyList<Call> Missing, IReadOnlyList<Call> Repeated) Compare(IEnumerable<Call> calls, IReadOnlyDictionary<Guid, EventCount> events)
    {
        var missing = new List<Call>();
        var repeated = new List<Call>();
        foreach (var call in calls)
        {
            if (call.RequestId is not { } id) continue;
            var count = events.GetValueOrDefault(id);
            // A call that failed because it could not be recorded has none. One that was recorded as failed, as a silo died that it needed, has another one if its change took place all the same.
            var isUnknown = call.Outcome == Outcome.Unknown;
            if (!count.IsAny && !isUnknown) missing.Add(call);
            if (Repeatable.Contains(call.Action)) continue;
            if (count.Recorded > 1 || count.Recovered > 1 || (count.All > 1 && !isUnknown)) repeated.Add(call);
        }
        return (missing, repeated);
    }
}
