namespace Orleans.Kms.Grains.Hsm;

/// <summary>How many calls a lane takes on, and how long their callers wait.</summary>
/// <param name="QueueLength">Calls that may wait; one more is refused.</param>
/// <param name="Wait">How long a caller waits for the answer.</param>
/// <param name="More">How much longer if the call has begun by then.</param>
/// <param name="Total">How long a caller waits for all tokens together.</param>
internal sealed record LaneLimits(int QueueLength, TimeSpan Wait, TimeSpan More, TimeSpan Total)
{
    // More would wait in vain: a pair of RSA_4096 takes seconds.
    private const int PairsThatWait = 8;

    // If a pair that has begun were given up, each would be made for a caller who left meanwhile, as long as there are more calls than the token can serve.
    private static readonly TimeSpan PairInMaking = TimeSpan.FromSeconds(15);

    // The silo itself gives up a call after 15 seconds, and one that makes a pair after 40.
    private static readonly TimeSpan AllCalls = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan AllPairs = TimeSpan.FromSeconds(38);

    /// <summary>How long a call may run before its lane counts as out of order.</summary>
    public TimeSpan Longest => Wait + More;

    /// <summary>Of calls that take up to milliseconds.</summary>
    public static LaneLimits Of(HsmOptions options) => new(options.QueueLength, Shared(options.CallTimeout, AllCalls, options), TimeSpan.Zero, AllCalls);

    /// <summary>Of the lane that makes RSA pairs.</summary>
    public static LaneLimits OfPairs(HsmOptions options) =>
        new(Math.Min(PairsThatWait, options.QueueLength), Shared(options.GenerationTimeout, options.GenerationTimeout, options), PairInMaking, AllPairs);

    /// <summary>The same for a caller who has only so much time left.</summary>
    public LaneLimits Within(TimeSpan left) => left >= Wait + More ? this : this with { Wait = Min(Wait, left), More = left > Wait ? left - Wait : TimeSpan.Zero };

    // Each token is waited for in its turn.
    private static TimeSpan Shared(TimeSpan one, TimeSpan all, HsmOptions options) => Min(one, all / Math.Max(1, options.Tokens.Count));

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
