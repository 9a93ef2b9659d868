using Orleans.Services;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>Reaches the root keys of one silo.</summary>
[Alias("kms.root-key-service")]
internal interface IRootKeyService : IGrainService
{
    /// <summary>The versions of the root key that every token of the silo holds.</summary>
    [Alias("versions")]
    Task<int[]> Versions();

    /// <summary>From now on the silo wraps new material under another root key.</summary>
    /// <param name="serviceKey">The service key under that root key, already durable in the database.</param>
    [Alias("adopt")]
    Task Adopt(WrappedKey serviceKey);
}
