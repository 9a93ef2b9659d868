namespace Orleans.Kms.Grains.Access;

/// <summary>Which request times are accepted: 15 minutes to either side of the clock, and none from before the service could remember nonces.</summary>
internal static class SigningWindow
{
    /// <summary>How far a request's time may lie from the service's clock, in either direction.</summary>
    public static readonly TimeSpan Width = TimeSpan.FromMinutes(15);

    /// <summary>Whether a request of this time is accepted.</summary>
    /// <param name="timestamp">The request's time.</param>
    /// <param name="now">The service's clock.</param>
    /// <param name="memorySince">
    /// Since when nonces are remembered. A request from before that may be a repetition of one that an earlier process answered. Request times have whole
    /// seconds, so the second in which memory begins counts.
    /// </param>
    public static bool Accepts(DateTimeOffset timestamp, DateTimeOffset now, DateTimeOffset memorySince) =>
        (timestamp - now).Duration() <= Width && timestamp > memorySince - TimeSpan.FromSeconds(1);

    /// <summary>From when on a request of this time is refused whatever its nonce.</summary>
    public static DateTimeOffset End(DateTimeOffset timestamp) => timestamp + Width;
}
