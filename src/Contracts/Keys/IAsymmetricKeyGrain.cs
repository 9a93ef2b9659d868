using Orleans.Concurrency;
using Orleans.Kms.Access;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Keys;

/// <summary>
/// Cryptography of one asymmetric CMK. Grain key, caller token and common failures as for <see cref="IKeyGrain"/>; every call names a key version and fails with
/// <see cref="KmsErrorCode.KeyVersionNotFound"/> if there is none of that id. What the spec cannot do fails with <see cref="KmsErrorCode.InvalidParameter"/> naming
/// <c>Algorithm</c>, what the usage or a symmetric spec excludes with <see cref="KmsErrorCode.UnsupportedOperation"/> or
/// <see cref="KmsErrorCode.RejectedUnsupportedOperation"/>, and what the token of an HSM-level key cannot do with <see cref="KmsErrorCode.UnsupportedOperation"/>.
/// </summary>
[Alias("kms.asymmetric-key")]
public interface IAsymmetricKeyGrain : IGrainWithStringKey
{
    /// <summary>The public key, as SubjectPublicKeyInfo in DER.</summary>
    /// <param name="versionId">The version.</param>
    [Alias("get-public-key"), AlwaysInterleave, KmsAction("GetPublicKey", ActionAccess.Read, ResourceKind.Key)]
    ValueTask<byte[]> GetPublicKey(Guid versionId);

    /// <summary>Signs a digest.</summary>
    /// <param name="versionId">The version that signs.</param>
    /// <param name="algorithm">Must fit the key's spec.</param>
    /// <param name="digest"><see cref="AsymmetricAlgorithms.DigestBytes"/> bytes.</param>
    [Alias("sign"), AlwaysInterleave, KmsAction("AsymmetricSign", ActionAccess.Read, ResourceKind.Key)]
    ValueTask<byte[]> Sign(Guid versionId, SigningAlgorithm algorithm, [Immutable] byte[] digest);

    /// <summary>Whether a signature is that of a digest.</summary>
    /// <param name="versionId">The version that signed.</param>
    /// <param name="algorithm">Must fit the key's spec.</param>
    /// <param name="digest"><see cref="AsymmetricAlgorithms.DigestBytes"/> bytes.</param>
    /// <param name="signature">Anything; what is no signature does not verify.</param>
    [Alias("verify"), AlwaysInterleave, KmsAction("AsymmetricVerify", ActionAccess.Read, ResourceKind.Key)]
    ValueTask<bool> Verify(Guid versionId, SigningAlgorithm algorithm, [Immutable] byte[] digest, [Immutable] byte[] signature);

    /// <summary>Encrypts with the public key.</summary>
    /// <param name="versionId">The version.</param>
    /// <param name="algorithm">Must fit the key's spec.</param>
    /// <param name="plaintext">1 to <see cref="AsymmetricAlgorithms.MaxPlaintextBytes"/> bytes. Never logged, traced or stored.</param>
    [Alias("encrypt"), AlwaysInterleave, KmsAction("AsymmetricEncrypt", ActionAccess.Read, ResourceKind.Key)]
    ValueTask<byte[]> Encrypt(Guid versionId, EncryptionAlgorithm algorithm, [Immutable] byte[] plaintext);

    /// <summary>Decrypts with the private key. The receiver owns the plaintext and wipes it.</summary>
    /// <param name="versionId">The version whose public key encrypted.</param>
    /// <param name="algorithm">Must fit the key's spec.</param>
    /// <param name="ciphertext">The algorithm's output.</param>
    /// <exception cref="KmsException"><see cref="KmsException.BadCiphertext"/>, whatever is wrong with the ciphertext.</exception>
    [Alias("decrypt-to-result"), AlwaysInterleave, KmsAction("AsymmetricDecrypt", ActionAccess.Read, ResourceKind.Key)]
    ValueTask<DecryptResult> Decrypt(Guid versionId, EncryptionAlgorithm algorithm, [Immutable] byte[] ciphertext);
}
