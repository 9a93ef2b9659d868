namespace Orleans.Kms.Grains.Access;

/// <summary>When this silo began to remember nonces. What an earlier process answered it cannot know, beyond what <see cref="DurableNonces"/> kept.</summary>
/// <param name="Since">A moment at which no earlier process answered any more.</param>
internal sealed record NonceMemory(DateTimeOffset Since);
