using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Client;

/// <summary>
/// A symmetric CMK of the caller's account. All calls are repeated within <see cref="KmsClientOptions.CallTimeout"/>, and fail with a <see cref="KmsException"/> that has the
/// service's code: <see cref="KmsErrorCode.KeyNotFound"/>, <see cref="KmsErrorCode.NoPermission"/>, <see cref="KmsErrorCode.KeyDisabled"/> and so on.
/// </summary>
public sealed class KmsKey
{
    private readonly KmsClient _client;
    private readonly KeyName _name;

    internal KmsKey(KmsClient client, KeyName name)
    {
        _client = client;
        _name = name;
    }

    /// <summary>The id of the CMK: that of the alias, as it points now.</summary>
    public Task<Guid> Id(CancellationToken cancellationToken = default) => _client.Repeat(_name.Resolve, cancellationToken);

    /// <summary>Tells about the CMK.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<KeyMetadata> Describe(CancellationToken cancellationToken = default) => Call(key => key.Describe(), cancellationToken);

    /// <summary>Encrypts a little, such as a password, in the service.</summary>
    /// <param name="plaintext">1 to <see cref="CryptoLimits.MaxDataBytes"/> bytes. Not to be changed before the call has ended.</param>
    /// <param name="context">What decryption has to present again.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<EncryptResult> Encrypt(byte[] plaintext, EncryptionContext context, CancellationToken cancellationToken = default) =>
        Call(async key => await key.Encrypt(plaintext, context), cancellationToken);

    /// <summary>Opens a blob of this CMK. The receiver wipes the plaintext.</summary>
    /// <param name="blob">What <see cref="Encrypt"/> gave, here or through the HTTP API.</param>
    /// <param name="context">Equal to the context at encryption.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="KmsException"><see cref="KmsException.BadCiphertext"/>, whatever is wrong with the blob.</exception>
    public Task<DecryptResult> Decrypt(byte[] blob, EncryptionContext context, CancellationToken cancellationToken = default) =>
        Call(async key => await key.Decrypt(blob, context), cancellationToken);

    /// <summary>Makes a random data key.</summary>
    /// <param name="numberOfBytes">1 to <see cref="CryptoLimits.MaxDataKeyBytes"/>.</param>
    /// <param name="context">What <see cref="DecryptDataKey"/> has to present again.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<DataKeyPair> GenerateDataKey(int numberOfBytes, EncryptionContext context, CancellationToken cancellationToken = default)
    {
        var made = await Call(async key => await key.GenerateDataKey(numberOfBytes, context), cancellationToken);
        return new(DataKeyText.Decode(made.Plaintext), made.CiphertextBlob, made.KeyVersionId);
    }

    /// <summary>Makes a random data key and gives it encrypted only.</summary>
    /// <param name="numberOfBytes">1 to <see cref="CryptoLimits.MaxDataKeyBytes"/>.</param>
    /// <param name="context">What <see cref="DecryptDataKey"/> has to present again.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<EncryptResult> GenerateDataKeyWithoutPlaintext(int numberOfBytes, EncryptionContext context, CancellationToken cancellationToken = default) =>
        Call(async key => await key.GenerateDataKeyWithoutPlaintext(numberOfBytes, context), cancellationToken);

    /// <summary>Opens a data key, and gives its bytes. The receiver wipes them.</summary>
    /// <param name="blob">The data key under this CMK.</param>
    /// <param name="context">Equal to the context at its making.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="KmsException"><see cref="KmsException.BadCiphertext"/>, whatever is wrong with the blob.</exception>
    public async Task<byte[]> DecryptDataKey(byte[] blob, EncryptionContext context, CancellationToken cancellationToken = default) =>
        DataKeyText.Decode((await Decrypt(blob, context, cancellationToken)).Plaintext);

    private Task<T> Call<T>(Func<IKeyGrain, Task<T>> call, CancellationToken cancellationToken) => _client.Repeat(
        async (grains, accountId) => await call(grains.GetGrain<IKeyGrain>(KeyId.GrainKey(accountId, await _name.Resolve(grains, accountId)))), cancellationToken);
}
