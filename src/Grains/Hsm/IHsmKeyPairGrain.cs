using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>What <see cref="IHsmWorkerGrain"/> does with key pairs, on lanes of their own. Keys, failures and the ownership of arrays as there.</summary>
[Alias("kms.hsm-key-pair")]
internal interface IHsmKeyPairGrain : IGrainWithIntegerKey
{
    /// <summary>Makes a key pair whose private key leaves the token wrapped only. An RSA pair takes seconds, and waits for up to <see cref="HsmOptions.GenerationTimeout"/> before.</summary>
    [Alias("generate-key-pair"), ResponseTimeout("00:00:40")]
    ValueTask<NewKeyPair> GenerateKeyPair(KeySpec spec, KeyUsage usage);

    /// <summary>Signs a digest of 32 bytes. ECDSA gives a DER sequence of r and s.</summary>
    [Alias("sign")]
    ValueTask<TokenBytes> Sign(HsmKey key, SigningAlgorithm algorithm, [Immutable] byte[] digest);

    /// <summary>Decrypts an RSA ciphertext as long as the modulus.</summary>
    /// <exception cref="KmsException"><see cref="KmsException.BadCiphertext"/>.</exception>
    [Alias("decrypt")]
    ValueTask<TokenBytes> Decrypt(HsmKey key, EncryptionAlgorithm algorithm, [Immutable] byte[] ciphertext);

    /// <summary>Unwraps an AES-256 key of a user inside the token; it leaves it wrapped under the root key only.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidKeyMaterial"/>, whatever is wrong with it.</exception>
    /// <exception cref="InvalidDataException">The private key does not open.</exception>
    [Alias("import-aes-key")]
    ValueTask<WrappedKey> ImportAesKey(WrappedKey wrappingKey, WrappingAlgorithm algorithm, [Immutable] byte[] encrypted);

    /// <summary>Wraps an AES-256 key of a user that was unwrapped outside the token. The caller wipes it afterwards.</summary>
    [Alias("wrap-aes-key")]
    ValueTask<WrappedKey> WrapAesKey([Immutable] byte[] key);
}
