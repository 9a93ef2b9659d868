namespace Orleans.Kms.Grains.Quotas;

/// <summary>How many calls there may still be: they come back at an even pace, and what a second gives may be used at once. Not thread safe.</summary>
/// <param name="perSecond">The calls that a second gives.</param>
internal sealed class RateBudget(double perSecond)
{
    private double _left = Math.Max(1, perSecond);
    private TimeSpan _since = TimeSpan.MinValue;

    /// <summary>The calls that a second gives. What was saved up under a higher number is cut to what a second gives now.</summary>
    public double PerSecond { get; set; } = perSecond;

    /// <summary>Takes one; false if none is left.</summary>
    /// <param name="now">The time on a clock that never goes back.</param>
    public bool TryTake(TimeSpan now)
    {
        var passed = _since == TimeSpan.MinValue ? TimeSpan.Zero : now - _since;
        (_left, _since) = (Math.Min(Math.Max(1, PerSecond), _left + passed.TotalSeconds * PerSecond), now);
        if (_left < 1) return false;
        _left--;
        return true;
    }
}
