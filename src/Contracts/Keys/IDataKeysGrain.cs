using Orleans.Concurrency;
using Orleans.Kms.Access;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Keys;

/// <summary>Ciphertexts of one CMK that go on to another key. Grain key, caller token and common failures as for <see cref="IKeyGrain"/>.</summary>
[Alias("kms.data-keys")]
public interface IDataKeysGrain : IGrainWithStringKey
{
    /// <summary>Opens a blob of this symmetric CMK and encrypts what was in it under another one. The plaintext does not leave the service.</summary>
    /// <param name="blob">See <see cref="CiphertextBlob"/>.</param>
    /// <param name="context">Equal to the context at encryption.</param>
    /// <param name="destination">A symmetric CMK of the same account.</param>
    /// <param name="destinationContext">The new blob's context.</param>
    /// <returns>The new blob, and the version that <em>opened</em> the old one.</returns>
    [Alias("re-encrypt"), AlwaysInterleave, KmsAction("ReEncrypt", ActionAccess.Read, ResourceKind.SourceAndDestination)]
    ValueTask<EncryptResult> ReEncrypt([Immutable] byte[] blob, EncryptionContext context, Guid destination, EncryptionContext destinationContext);

    /// <summary>Opens a ciphertext of this asymmetric CMK's public key and encrypts its Base64 text under a symmetric CMK.</summary>
    /// <param name="versionId">The version whose public key encrypted.</param>
    /// <param name="algorithm">How it was encrypted.</param>
    /// <param name="ciphertext">The algorithm's output.</param>
    /// <param name="destination">A symmetric CMK of the same account.</param>
    /// <param name="destinationContext">The new blob's context.</param>
    /// <returns>The new blob, and <paramref name="versionId"/>.</returns>
    [Alias("re-encrypt-asymmetric"), AlwaysInterleave, KmsAction("ReEncrypt", ActionAccess.Read, ResourceKind.SourceAndDestination)]
    ValueTask<EncryptResult> ReEncryptAsymmetric(
        Guid versionId, EncryptionAlgorithm algorithm, [Immutable] byte[] ciphertext, Guid destination, EncryptionContext destinationContext);

    /// <summary>Opens the blob of a data key and encrypts the data key's bytes to a public key.</summary>
    /// <param name="blob">What GenerateDataKey gave.</param>
    /// <param name="context">Equal to the context at encryption.</param>
    /// <param name="recipient">The public key.</param>
    /// <exception cref="KmsException"><see cref="KmsException.BadCiphertext"/> also for a blob that holds no data key; <see cref="KmsErrorCode.InvalidParameter"/> for one too long for the algorithm.</exception>
    [Alias("export-data-key"), AlwaysInterleave, KmsAction("ExportDataKey", ActionAccess.Read, ResourceKind.Key)]
    ValueTask<ExportedDataKey> ExportDataKey([Immutable] byte[] blob, EncryptionContext context, WrappingPublicKey recipient);

    /// <summary>Makes a random data key and gives it encrypted under this CMK and to a public key.</summary>
    /// <param name="numberOfBytes">1 to <see cref="CryptoLimits.MaxDataKeyBytes"/>, and no more than the algorithm takes.</param>
    /// <param name="context">Authenticated but not stored: decryption must present an equal context.</param>
    /// <param name="recipient">The public key.</param>
    [Alias("generate-and-export-data-key"), AlwaysInterleave, KmsAction("GenerateAndExportDataKey", ActionAccess.Read, ResourceKind.Key)]
    ValueTask<ExportedDataKey> GenerateAndExportDataKey(int numberOfBytes, EncryptionContext context, WrappingPublicKey recipient);
}

/// <summary>A public key of the caller's, to which a data key is encrypted.</summary>
/// <param name="Spec"><see cref="KeySpec.Rsa2048"/> or <see cref="KeySpec.EcSm2"/>.</param>
/// <param name="Algorithm">Must fit the spec.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo in DER.</param>
[GenerateSerializer, Immutable, Alias("kms.wrapping-public-key")]
public sealed record WrappingPublicKey(
    [property: Id(0)] KeySpec Spec, [property: Id(1)] EncryptionAlgorithm Algorithm, [property: Id(2)] byte[] PublicKey);

/// <summary>A data key encrypted to a public key.</summary>
/// <param name="KeyVersionId">The version that decrypted or encrypted the data key.</param>
/// <param name="CiphertextBlob">The data key under the CMK.</param>
/// <param name="WrappedDataKey">The data key's bytes under the public key.</param>
[GenerateSerializer, Immutable, Alias("kms.exported-data-key")]
public sealed record ExportedDataKey(
    [property: Id(0)] Guid KeyVersionId, [property: Id(1)] byte[] CiphertextBlob, [property: Id(2)] byte[] WrappedDataKey);
