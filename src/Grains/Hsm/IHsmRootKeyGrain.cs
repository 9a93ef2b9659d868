namespace Orleans.Kms.Grains.Hsm;

/// <summary>What an <see cref="IHsmWorkerGrain"/> does with versions of the root key. Keys and failures as there.</summary>
[Alias("kms.hsm-root-key")]
internal interface IHsmRootKeyGrain : IGrainWithIntegerKey
{
    /// <summary>Wraps a key under another root key, inside the token, and proves that it opens under that.</summary>
    /// <exception cref="InvalidDataException">It does not open under the root key that it is wrapped under.</exception>
    [Alias("rewrap")]
    ValueTask<WrappedKey> Rewrap(HsmKey key, int rootKeyVersion);
}
