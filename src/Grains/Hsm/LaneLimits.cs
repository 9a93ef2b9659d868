namespace Orleans.Kms.Grains.Hsm;

/// <summary>How many calls a lane takes on, and how long their callers wait.</summary>
/// <param name="QueueLength">Calls that may wait; one more is refused.</param>
/// <param name="Wait">How long a caller waits for the answer.</param>
/// <param name="More">How much longer if the call has begun by then.</param>
internal sealed record LaneLimits(int QueueLength, TimeSpan Wait, TimeSpan More)
{
    // More would wait in vain: a pair of RSA_4096 takes seconds.
    private const int PairsThatWait = 8;

    // If a pair that has begun were given up, each would be made for a caller who left meanwhile, as long as there are more calls than the token can serve.
    private static readonly TimeSpan PairInMaking = TimeSpan.FromSeconds(15);

    /// <summary>Of calls that take up to milliseconds.</summary>
    public static LaneLimits Of(HsmOptions options) => new(options.QueueLength, options.CallTimeout, TimeSpan.Zero);

    /// <summary>Of the lane that makes RSA pairs.</summary>
    public static LaneLimits OfPairs(HsmOptions options) => new(Math.Min(PairsThatWait, options.QueueLength), options.GenerationTimeout, PairInMaking);
}
