namespace Orleans.Kms.Grains.Access;

/// <summary>Which request times are accepted: 15 minutes to either side of the clock.</summary>
internal static class SigningWindow
{
    /// <summary>How far a request's time may lie from the service's clock, in either direction.</summary>
    public static readonly TimeSpan Width = TimeSpan.FromMinutes(15);

    /// <summary>How long a nonce can be of use at most.</summary>
    public static readonly TimeSpan LongestLife = 2 * Width;

    /// <summary>Whether a request of this time is accepted.</summary>
    /// <param name="timestamp">The request's time.</param>
    /// <param name="now">The service's clock.</param>
    public static bool Accepts(DateTimeOffset timestamp, DateTimeOffset now) => (timestamp - now).Duration() <= Width;

    /// <summary>From when on a request of this time is refused whatever its nonce.</summary>
    public static DateTimeOffset End(DateTimeOffset timestamp) => timestamp + Width;
}
