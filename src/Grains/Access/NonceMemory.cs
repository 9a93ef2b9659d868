namespace Orleans.Kms.Grains.Access;

/// <summary>When this process began to remember nonces: what an earlier one answered, it cannot know.</summary>
internal sealed class NonceMemory(TimeProvider clock)
{
    /// <summary>The beginning.</summary>
    public DateTimeOffset Since { get; } = clock.GetUtcNow();
}
