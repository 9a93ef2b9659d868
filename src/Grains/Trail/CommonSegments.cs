namespace Orleans.Kms.Grains.Trail;

/// <summary>The segments that are in both of two lists. Each list is asked for no more than where the other one is, so the rarer one sets the pace.</summary>
internal sealed class CommonSegments(SegmentList one, SegmentList other, bool forward, LookupBudget budget) : SegmentList(forward)
{
    public override SegmentKey? Seek(SegmentKey from)
    {
        while (one.Seek(from) is { } first && other.Seek(first) is { } second)
        {
            // When the budget is spent the lookup stops here, whether or not both have it.
            if (first == second || budget.IsSpent) return second;
            from = second;
        }
        return null;
    }
}
