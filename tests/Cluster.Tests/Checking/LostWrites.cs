using Orleans.Kms.Cluster.Tests.History;

namespace Orleans.Kms.Cluster.Tests.Checking;

/// <summary>Reads that show none of the values that a thing may have: the last acknowledged ones, and those of writes with an unknown outcome.</summary>
internal static class LostWrites
{
    /// <summary>Those reads, with the writes that were lost.</summary>
    /// <param name="writes">All writes of one thing, done or with an unknown outcome.</param>
    /// <param name="reads">Reads of it that were answered.</param>
    public static IEnumerable<(Call Read, Call[] Lost)> Find(IReadOnlyCollection<Call> writes, IEnumerable<Call> reads)
    {
        foreach (var read in reads)
        {
            var begun = writes.Where(write => write.Sent < read.Answered && write.Outcome != Outcome.Refused).ToArray();
            var done = begun.Where(write => write.Outcome == Outcome.Done).ToArray();
            // A write is over if another one came between it and the read.
            var last = done.Where(write => !done.Any(later => later.Sent > write.Answered && later.Answered < read.Sent)).ToArray();
            if (last.Length > 0 && !last.Concat(begun.Where(write => write.Outcome == Outcome.Unknown)).Any(write => write.Value == read.Value)) yield return (read, last);
        }
    }
}
