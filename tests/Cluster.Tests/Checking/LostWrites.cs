using Orleans.Kms.Cluster.Tests.History;

namespace Orleans.Kms.Cluster.Tests.Checking;

/// <summary>
/// Reads that show none of the values that a thing may have: the last acknowledged ones, those of writes with an unknown outcome, and nothing as long as nothing was acknowledged. That finds
/// writes that were acknowledged and lost, and those that were refused and made.
/// </summary>
internal static class LostWrites
{
    private static readonly Call Nothing = new("", "", long.MinValue, long.MinValue, Outcome.Done);

    /// <summary>Those reads, with the writes of which they should have shown one.</summary>
    /// <param name="writes">All writes of one thing.</param>
    /// <param name="reads">Reads of it that were answered.</param>
    public static IEnumerable<(Call Read, Call[] Expected)> Find(IReadOnlyCollection<Call> writes, IEnumerable<Call> reads)
    {
        foreach (var read in reads)
        {
            var begun = writes.Where(write => write.Sent < read.Answered && write.Outcome != Outcome.Refused).Prepend(Nothing).ToArray();
            // Of those that were over when the read began, only the ones count after which no other came.
            var over = begun.Where(write => write.Answered < read.Sent).ToArray();
            var lastBegun = over.Max(write => write.Sent);
            var expected = begun.Where(write => write.Answered >= lastBegun).ToArray();
            if (!expected.Any(write => write.Value == read.Value)) yield return (read, expected);
        }
    }
}
