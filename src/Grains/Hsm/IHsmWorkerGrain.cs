namespace Orleans.Kms.Grains.Hsm;

/// <summary>One lane to the token of this silo; the grain key is the lane's number. Calls are as those of <see cref="TokenSession"/>.</summary>
[Alias("kms.hsm-worker")]
internal interface IHsmWorkerGrain : IGrainWithIntegerKey
{
    /// <inheritdoc cref="TokenSession.GenerateAesKey"/>
    [Alias("generate-aes-key")]
    ValueTask<WrappedKey> GenerateAesKey();

    /// <inheritdoc cref="TokenSession.Encrypt(HsmKey, byte[], byte[], byte[])"/>
    [Alias("encrypt")]
    [return: Immutable]
    ValueTask<byte[]> Encrypt(HsmKey key, [Immutable] byte[] iv, [Immutable] byte[] aad, [Immutable] byte[] plaintext);

    /// <inheritdoc cref="TokenSession.Decrypt(HsmKey, byte[], byte[], byte[])"/>
    [Alias("decrypt")]
    [return: Immutable]
    ValueTask<byte[]> Decrypt(HsmKey key, [Immutable] byte[] iv, [Immutable] byte[] aad, [Immutable] byte[] ciphertextAndTag);

    /// <inheritdoc cref="TokenSession.Seal"/>
    [Alias("seal")]
    [return: Immutable]
    ValueTask<byte[]> Seal([Immutable] byte[] aad, [Immutable] byte[] plaintext);

    /// <inheritdoc cref="TokenSession.Open(byte[], byte[])"/>
    [Alias("open")]
    [return: Immutable]
    ValueTask<byte[]> Open([Immutable] byte[] aad, [Immutable] byte[] sealedBytes);

    /// <inheritdoc cref="TokenSession.Forget"/>
    [Alias("forget")]
    ValueTask<bool> Forget(Guid keyVersionId);

    /// <inheritdoc cref="TokenSession.Probe"/>
    [Alias("probe")]
    ValueTask Probe();
}
