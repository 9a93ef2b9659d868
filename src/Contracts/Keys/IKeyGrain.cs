using Orleans.Concurrency;
using Orleans.Kms.Access;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Keys;

/// <summary>
/// One customer master key (CMK); the grain key is <see cref="KeyId.GrainKey"/>. Calls need a <see cref="CallerToken"/> of the same account.
/// Calls on a missing key fail with <see cref="KmsErrorCode.KeyNotFound"/>, cryptographic calls on a key that is not enabled with
/// <see cref="KmsErrorCode.KeyDisabled"/> or the code of its state, and any call with <see cref="KmsErrorCode.ServiceUnavailable"/> while database or
/// token do not answer. Once <see cref="Disable"/> has returned, no cryptographic call that starts later succeeds.
/// </summary>
[Alias("kms.key")]
public interface IKeyGrain : IGrainWithStringKey
{
    /// <summary>Tells everything about the key but its material, in any state.</summary>
    [Alias("describe"), AlwaysInterleave, KmsAction("DescribeKey", ActionAccess.Read, ResourceKind.Key)]
    Task<KeyMetadata> Describe();

    /// <summary>Makes a disabled key usable again; enabling an enabled one changes nothing.</summary>
    [Alias("enable"), KmsAction("EnableKey", ActionAccess.Write, ResourceKind.Key)]
    Task Enable();

    /// <summary>Takes the key out of use; disabling a disabled one changes nothing.</summary>
    [Alias("disable"), KmsAction("DisableKey", ActionAccess.Write, ResourceKind.Key)]
    Task Disable();

    /// <summary>Encrypts under the primary key version.</summary>
    /// <param name="plaintext">See <see cref="CryptoLimits.CheckPlaintext"/>. Not to be changed before the call has ended. Never logged, traced or stored.</param>
    /// <param name="context">Authenticated but not stored: decryption must present an equal context.</param>
    [Alias("encrypt"), AlwaysInterleave, KmsAction("Encrypt", ActionAccess.Read, ResourceKind.Key)]
    ValueTask<EncryptResult> Encrypt([Immutable] byte[] plaintext, EncryptionContext context);

    /// <summary>Opens a blob that this key made, under whichever version it names.</summary>
    /// <param name="blob">See <see cref="CiphertextBlob"/>. Not to be changed before the call has ended.</param>
    /// <param name="context">Equal to the context at encryption.</param>
    /// <exception cref="KmsException"><see cref="KmsException.BadCiphertext"/>, whatever is wrong with the blob.</exception>
    [Alias("decrypt"), AlwaysInterleave, KmsAction("Decrypt", ActionAccess.Read, ResourceKind.Key)]
    ValueTask<DecryptResult> Decrypt([Immutable] byte[] blob, EncryptionContext context);

    /// <summary>Makes a random data key and gives it in clear and encrypted.</summary>
    /// <param name="numberOfBytes">1 to <see cref="CryptoLimits.MaxDataKeyBytes"/>.</param>
    /// <param name="context">Authenticated but not stored: decryption must present an equal context.</param>
    [Alias("generate-data-key"), AlwaysInterleave, KmsAction("GenerateDataKey", ActionAccess.Read, ResourceKind.Key)]
    ValueTask<DataKeyResult> GenerateDataKey(int numberOfBytes, EncryptionContext context);

    /// <summary>Makes a random data key and gives it encrypted only.</summary>
    /// <param name="numberOfBytes">1 to <see cref="CryptoLimits.MaxDataKeyBytes"/>.</param>
    /// <param name="context">Authenticated but not stored: decryption must present an equal context.</param>
    [Alias("generate-data-key-without-plaintext"), AlwaysInterleave]
    [KmsAction("GenerateDataKeyWithoutPlaintext", ActionAccess.Read, ResourceKind.Key)]
    ValueTask<EncryptResult> GenerateDataKeyWithoutPlaintext(int numberOfBytes, EncryptionContext context);
}
