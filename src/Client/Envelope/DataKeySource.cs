using System.Security.Cryptography;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Client.Envelope;

/// <summary>Makes and opens data keys in the service.</summary>
internal sealed class DataKeySource(KmsClient client, EnvelopeOptions options, TimeProvider clock)
{
    private readonly string _keyId = options.KeyId;
    private readonly string[] _acceptedKeyIds = [options.KeyId, .. options.FormerKeyIds];
    private readonly EncryptionContext _context = EncryptionContext.Of(options.KeyContext);

    /// <summary>A new data key under the CMK.</summary>
    public async Task<DataKey> Generate()
    {
        var askedAt = clock.GetTimestamp();
        using var made = await client.Key(_keyId).GenerateDataKey(DataKey.Length, _context);
        return new(made.Plaintext, made.CiphertextBlob, askedAt);
    }

    /// <summary>Opens a data key of an accepted CMK.</summary>
    /// <exception cref="KmsException"><see cref="KmsException.BadCiphertext"/>, whatever is wrong with it; otherwise why the service refused.</exception>
    public async Task<DataKey> Open(byte[] encrypted)
    {
        var askedAt = clock.GetTimestamp();
        if (!CiphertextBlob.TryReadHeader(encrypted, out var keyId, out _) || !await IsAccepted(keyId)) throw KmsException.BadCiphertext();
        var plaintext = await client.Key(keyId.ToString("D")).DecryptDataKey(encrypted, _context);
        try { return plaintext.Length == DataKey.Length ? new(plaintext, encrypted, askedAt) : throw KmsException.BadCiphertext(); }
        finally { CryptographicOperations.ZeroMemory(plaintext); }
    }

    // Who can write blobs, and encrypt under some other CMK of the account, should not be able to have them opened.
    private async Task<bool> IsAccepted(Guid keyId)
    {
        foreach (var accepted in _acceptedKeyIds)
        {
            if (await client.Key(accepted).Id() == keyId) return true;
        }
        return false;
    }
}
