using Microsoft.Extensions.Logging;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Client.Envelope;

/// <summary>
/// Encrypts here, with AES-256-GCM, under data keys that a CMK protects; data keys are kept for a while, so that few calls need the service. A sealed blob holds its data key,
/// encrypted, and so needs nothing but the CMK to be opened. When the CMK gets a new version, or its alias another CMK, new data keys are under that within
/// <see cref="EnvelopeOptions.MaxAge"/>. Thread safe. Made by <see cref="KmsClient.Envelope"/>; disposing of it wipes the data keys.
/// </summary>
public sealed class EnvelopeEncryption : IDisposable
{
    private readonly OpenedKeys _opened;
    private readonly SealingKey _sealing;
    private readonly ITimer _expiry;
    private readonly long _maxBytes;

    internal EnvelopeEncryption(DataKeySource source, EnvelopeOptions options, TimeProvider clock, ILoggerFactory loggers)
    {
        _maxBytes = options.MaxBytes;
        _opened = new(source, options.MaxOpenedKeys, options.MaxAge, clock);
        _sealing = new(source, _opened, options, clock, loggers.CreateLogger<SealingKey>());
        _expiry = clock.CreateTimer(_ => DropExpired(), null, options.MaxAge, options.MaxAge / 2);
    }

    /// <summary>Seals <paramref name="plaintext"/>.</summary>
    /// <param name="plaintext">0 bytes to <see cref="EnvelopeOptions.MaxBytes"/>.</param>
    /// <param name="context">What the blob is bound to, and <see cref="Open"/> has to present again. Does not leave the process.</param>
    /// <param name="cancellationToken">Ends the waiting for a data key.</param>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidParameter"/>: too long. Otherwise why there is no data key.</exception>
    public async ValueTask<byte[]> Seal(ReadOnlyMemory<byte> plaintext, EncryptionContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (plaintext.Length > _maxBytes) throw KmsException.InvalidParameter("Plaintext");
        var key = await _sealing.Take(plaintext.Length, cancellationToken);
        try { return SealedBlob.Seal(key, plaintext.Span, context); }
        finally { key.Release(); }
    }

    /// <summary>Opens what <see cref="Seal"/> gave, here or in another process. The receiver wipes the plaintext if it is worth it.</summary>
    /// <param name="blob">The sealed blob.</param>
    /// <param name="context">Equal to the context at sealing.</param>
    /// <param name="cancellationToken">Ends the waiting for the data key.</param>
    /// <exception cref="KmsException"><see cref="KmsException.BadCiphertext"/>, whatever is wrong with the blob. Otherwise why the data key was not opened.</exception>
    public async ValueTask<byte[]> Open(ReadOnlyMemory<byte> blob, EncryptionContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var key = await _opened.Take(SealedBlob.EncryptedKey(blob.Span), cancellationToken);
        try { return SealedBlob.Open(key, blob.Span, context); }
        finally { key.Release(); }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _expiry.Dispose();
        _sealing.Close();
        _opened.Close();
    }

    private void DropExpired()
    {
        _sealing.DropExpired();
        _opened.DropExpired();
    }
}
