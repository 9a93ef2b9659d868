using Orleans.Kms.Cluster.Tests.History;

namespace Orleans.Kms.Cluster.Tests.Checking;

/// <summary>Tries one order of calls after the other: slow, and plain enough to judge the quick way by.</summary>
internal static class EveryOrder
{
    public static bool Explains(KeyPhase phase, IReadOnlyCollection<Call> calls)
    {
        var left = calls.Where(KeyModel.IsAbout).ToArray();
        return left.All(call => call.Outcome == Outcome.Unknown) || left.Any(call => MayBeFirst(call, left) && KeyModel.After(phase, call) is { } next && Explains(next, [.. left.Except([call])]))
            // One with an unknown outcome need not happen at all.
            || left.Where(call => call.Outcome == Outcome.Unknown).Any(call => Explains(phase, [.. left.Except([call])]));
    }

    private static bool MayBeFirst(Call call, Call[] left) => left.All(other => other.Outcome == Outcome.Unknown || other.Answered >= call.Sent);
}
