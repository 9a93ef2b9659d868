using Orleans.Kms.Cluster.Tests.History;

namespace Orleans.Kms.Cluster.Tests.Checking;

/// <summary>
/// Cryptographic calls that succeeded although the key had been taken out of use before they were sent, and no call may have brought it back in between. Linearizability covers it, too; this is
/// the promise by itself.
/// </summary>
internal static class StaleCryptography
{
    /// <summary>Those among the calls of one key, each with the call that had taken the key out of use.</summary>
    public static IEnumerable<(Call Disabling, Call Stale)> Find(IReadOnlyCollection<Call> calls)
    {
        var disabling = calls.Where(call => call.Outcome == Outcome.Done && KeyModel.IsDisabling(call.Action)).OrderBy(call => call.Answered).ToArray();
        var enabling = calls.Where(call => call.Outcome != Outcome.Refused && KeyModel.IsEnabling(call.Action)).OrderBy(call => call.Sent).ToArray();
        var lastEnds = LastEnds(enabling);
        var next = 0;
        Call? last = null;
        foreach (var use in calls.Where(call => call.Outcome == Outcome.Done && KeyModel.IsCryptographic(call.Action)).OrderBy(call => call.Sent))
        {
            for (; next < disabling.Length && disabling[next].Answered < use.Sent; next++)
            {
                // The one that was sent last leaves the least room for a call that enables.
                if (last is null || disabling[next].Sent > last.Sent) last = disabling[next];
            }
            if (last is null) continue;
            var before = SentUntil(enabling, use.Answered);
            if (before == 0 || lastEnds[before - 1] <= last.Sent) yield return (last, use);
        }
    }

    private static long[] LastEnds(Call[] calls)
    {
        var ends = new long[calls.Length];
        for (var i = 0; i < calls.Length; i++) ends[i] = Math.Max(calls[i].Answered, i == 0 ? 0 : ends[i - 1]);
        return ends;
    }

    // How many of the calls, which are in the order of their sending, were sent up to then.
    private static int SentUntil(Call[] calls, long time)
    {
        var (low, high) = (0, calls.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (calls[middle].Sent <= time) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
