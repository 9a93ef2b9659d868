namespace Orleans.Kms.Grains.Trail;

/// <summary>The nonces that an access key has used.</summary>
/// <param name="Nonces">The nonces, in no order.</param>
/// <param name="IsComplete">Whether these are all; if not, some of the oldest are missing.</param>
/// <param name="Since">From when on the trail knows of all requests (UTC, whole seconds).</param>
internal sealed record TrailNonces(IReadOnlyList<UsedNonce> Nonces, bool IsComplete, DateTimeOffset Since);
