using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Grains.Access;

/// <summary>What is stored of an access key.</summary>
internal sealed record AccessKeyRecord : StoredRecord
{
    public string AccountId { get; init; } = "";

    /// <summary>The principal that signs with this key.</summary>
    public string Principal { get; init; } = "";

    /// <summary>The secret, sealed under the service key and bound to the access key's id.</summary>
    public byte[] SealedSecret { get; init; } = [];

    /// <summary>Whether the key may be used.</summary>
    public bool Active { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
}
