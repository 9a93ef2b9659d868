using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Grains.Aliases;

/// <summary>What is stored of an alias.</summary>
internal sealed record AliasRecord : StoredRecord
{
    /// <summary>The CMK that it points to.</summary>
    public Guid KeyId { get; init; }
}
