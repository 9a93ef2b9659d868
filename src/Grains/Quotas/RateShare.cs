namespace Orleans.Kms.Grains.Quotas;

/// <summary>How much of a limit of the whole cluster one silo may give out.</summary>
internal static class RateShare
{
    /// <summary>
    /// What the other silos do not ask for, and at least the part of the limit that this silo's calls are of all. So as long as all silos together are asked for less than the limit nobody
    /// is refused, and when it is more their shares add up to the limit exactly.
    /// </summary>
    /// <param name="limit">Calls in a second in the whole cluster.</param>
    /// <param name="own">The calls in a second that this silo was asked for last.</param>
    /// <param name="others">The same of all other silos together.</param>
    public static double Of(double limit, double own, double others)
    {
        // A silo that nobody asked yet has to let somebody ask.
        var asked = Math.Max(1, own);
        return Math.Max(limit - others, limit * asked / (asked + others));
    }
}
