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
    /// Since when nonces are remembered. A request from before that may be a repetition of one that an earlier process answered.
    /// </param>
    public static bool Accepts(DateTimeOffset timestamp, DateTimeOffset now, DateTimeOffset memorySince) =>
        (timestamp - now).Duration() <= Width && timestamp >= memorySince;

    /// <summary>Whether a request of this time could come again after a restart and pass: its nonce has to be durable.</summary>
    public static bool OutlivesMemory(DateTimeOffset timestamp, DateTimeOffset now) => timestamp > now;

    /// <summary>From when on a request of this time is refused whatever its nonce.</summary>
    public static DateTimeOffset End(DateTimeOffset timestamp) => timestamp + Width;
}
