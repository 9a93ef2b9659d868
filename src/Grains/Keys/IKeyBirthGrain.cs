using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Keys;

/// <summary>The side of a key grain that only the service itself calls; the grain key is that of <see cref="IKeyGrain"/>.</summary>
[Alias("kms.key-birth")]
internal interface IKeyBirthGrain : IGrainWithStringKey
{
    /// <summary>Makes the key with its first version; durable when this returns.</summary>
    [Alias("create")]
    Task<KeyMetadata> Create(KeySettings settings);

    /// <summary>Whether the key exists, in any state.</summary>
    [Alias("exists")]
    Task<bool> Exists();
}
