namespace Orleans.Kms.Access;

/// <summary>
/// Says who calls, under the seal of the cluster: only a silo can make one, and every silo checks it. Opaque to its holder, short-lived,
/// good for any number of calls until it expires.
/// </summary>
/// <param name="Sealed">The sealed bytes.</param>
[GenerateSerializer, Immutable, Alias("kms.caller-token")]
public sealed record CallerToken([property: Id(0)] byte[] Sealed)
{
    private const string ContextKey = "kms.caller";

    /// <summary>How long a token is good for. Long enough for any one call, its queueing included.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    /// <summary>Who it says calls, as long as it has not left the process of the silo that sealed it; null everywhere else.</summary>
    [field: NonSerialized]
    internal object? Opened { get; init; }

    /// <summary>Attaches the token to the grain calls that this asynchronous flow makes from now on.</summary>
    public void Attach() => RequestContext.Set(ContextKey, this);

    /// <summary>The token attached to the current call, if any.</summary>
    public static CallerToken? Current => RequestContext.Get(ContextKey) as CallerToken;
}
