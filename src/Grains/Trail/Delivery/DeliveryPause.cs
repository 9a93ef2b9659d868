namespace Orleans.Kms.Grains.Trail.Delivery;

/// <summary>How long a delivery rests after it failed: from 5 seconds on, twice as long each time, up to 5 minutes.</summary>
/// <param name="Until">When it is over.</param>
/// <param name="Length">How long it is.</param>
internal readonly record struct DeliveryPause(DateTimeOffset Until, TimeSpan Length)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>Whether it is not over yet.</summary>
    public bool IsOn(DateTimeOffset now) => now < Until;

    /// <summary>The one that follows another failure.</summary>
    public DeliveryPause Next(DateTimeOffset now)
    {
        var length = Length == TimeSpan.Zero ? First : Length * 2 < Longest ? Length * 2 : Longest;
        return new(now + length, length);
    }
}
