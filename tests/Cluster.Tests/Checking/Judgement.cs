using Orleans.Kms.Cluster.Tests.History;

namespace Orleans.Kms.Cluster.Tests.Checking;

/// <summary>All rules on one history.</summary>
internal static class Judgement
{
    // What a person reads of a key whose answers cannot be explained.
    private const int Shown = 30;

    /// <summary>Everything that is wrong.</summary>
    /// <param name="calls">The whole history.</param>
    /// <param name="firstPhases">The keys whose state was changed, with the phase in which each was made.</param>
    /// <param name="events">How many events each request id has.</param>
    public static IEnumerable<Violation> Of(IReadOnlyCollection<Call> calls, IReadOnlyDictionary<string, KeyPhase> firstPhases, IReadOnlyDictionary<Guid, EventCount> events)
    {
        var bySubject = calls.GroupBy(call => call.Subject);
        return bySubject.SelectMany(group => firstPhases.TryGetValue(group.Key, out var phase) ? OfKey(phase, [.. group]) : OfValue([.. group])).Concat(OfTrail(calls, events));
    }

    private static IEnumerable<Violation> OfKey(KeyPhase first, Call[] calls)
    {
        foreach (var (disabling, stale) in StaleCryptography.Find(calls)) yield return new(ViolationKind.StaleCryptography, $"{disabling}\n{stale}");
        if (Linearizability.FirstUnexplained(first, calls) is { } call) yield return new(ViolationKind.NotLinearizable, Around(call, calls));
    }

    private static IEnumerable<Violation> OfValue(Call[] calls)
    {
        var reads = calls.Where(call => call.Action is "DescribeKey" or "ListResourceTags" && (call.Outcome == Outcome.Done || call.Code is "Forbidden.KeyNotFound" or "Forbidden.AliasNotFound"));
        return LostWrites.Find([.. calls.Where(call => call.Action is not ("DescribeKey" or "ListResourceTags"))], reads)
            .Select(lost => new Violation(ViolationKind.LostWrite, $"{lost.Read}\nexpected was one of\n{string.Join('\n', lost.Expected.Select(write => write.ToString()))}"));
    }

    private static IEnumerable<Violation> OfTrail(IReadOnlyCollection<Call> calls, IReadOnlyDictionary<Guid, EventCount> events)
    {
        var (missing, repeated) = Trail.Compare(calls, events);
        return missing.Select(call => new Violation(ViolationKind.MissingEvent, $"{call}")).Concat(repeated.Select(call => new Violation(ViolationKind.RepeatedEvent, $"{call}")));
    }

    private static string Around(Call call, Call[] calls) =>
        string.Join('\n', calls.Where(other => KeyModel.IsAbout(other) && other.Sent <= call.Answered).OrderBy(other => other.Sent).TakeLast(Shown)
            .Select(other => ReferenceEquals(other, call) ? $"> {other}" : $"  {other}"));
}
