using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// The token of the silo that the call is made in; the grain key is the lane's number. Calls fail with <see cref="KmsErrorCode.Throttled"/> while the
/// lane's queue is full and with <see cref="KmsErrorCode.ServiceUnavailable"/> while the token does not answer. Arguments and results are not copied:
/// the caller must not change an argument before the call has ended, and owns and wipes the result.
/// </summary>
[Alias("kms.hsm-worker")]
internal interface IHsmWorkerGrain : IGrainWithIntegerKey
{
    /// <summary>Makes a 256-bit AES key that leaves the token wrapped only.</summary>
    [Alias("generate-aes-key")]
    ValueTask<WrappedKey> GenerateAesKey();

    /// <summary>Encrypts under <paramref name="key"/>; <paramref name="iv"/> has 12 bytes that were never used with it. Gives ciphertext, then 16 bytes of tag.</summary>
    [Alias("encrypt")]
    ValueTask<TokenBytes> Encrypt(HsmKey key, [Immutable] byte[] iv, [Immutable] byte[] aad, [Immutable] byte[] plaintext);

    /// <summary>Undoes <see cref="Encrypt"/>.</summary>
    /// <exception cref="KmsException"><see cref="KmsException.BadCiphertext"/>.</exception>
    [Alias("decrypt")]
    ValueTask<TokenBytes> Decrypt(HsmKey key, [Immutable] byte[] iv, [Immutable] byte[] aad, [Immutable] byte[] ciphertextAndTag);

    /// <summary>Encrypts under the service key. Gives IV, ciphertext, tag.</summary>
    [Alias("seal")]
    ValueTask<TokenBytes> Seal([Immutable] byte[] aad, [Immutable] byte[] plaintext);

    /// <summary>Undoes <see cref="Seal"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes, or what they are bound to, are not those that were sealed.</exception>
    [Alias("open")]
    ValueTask<TokenBytes> Open([Immutable] byte[] aad, [Immutable] byte[] sealedBytes);

    /// <summary>Removes an unwrapped key from the memory of this silo's token; nothing happens if it is not there.</summary>
    [Alias("forget")]
    ValueTask Forget(Guid keyVersionId);

    /// <summary>Fails unless the service key works and the root key is still in the token.</summary>
    [Alias("probe")]
    ValueTask Probe();
}
