namespace Orleans.Kms.Grains.Access;

/// <summary>How many failures there may still be: so many within a minute, coming back at an even pace. Not thread safe.</summary>
/// <param name="perMinute">The most failures at once, and those that a minute forgives.</param>
internal sealed class FailureBudget(int perMinute)
{
    private double _left = perMinute;
    private DateTimeOffset _since = DateTimeOffset.MinValue;

    /// <summary>Whether there may be no more now.</summary>
    public bool IsSpent(DateTimeOffset now) => Left(now) < 1;

    /// <summary>Whether nothing is left of any failure: who asks for it need not be remembered.</summary>
    public bool IsWhole(DateTimeOffset now) => Left(now) >= perMinute;

    /// <summary>Counts a failure; true if it was the last one that there may be now.</summary>
    public bool Spend(DateTimeOffset now)
    {
        var before = Left(now);
        (_left, _since) = (Math.Max(0, before - 1), now);
        return before >= 1 && _left < 1;
    }

    // A clock that was put back gives nothing and takes nothing; from there on failures come back as ever.
    private double Left(DateTimeOffset now)
    {
        if (now < _since) _since = now;
        return Math.Min(perMinute, _left + (now - _since).TotalMinutes * perMinute);
    }
}
