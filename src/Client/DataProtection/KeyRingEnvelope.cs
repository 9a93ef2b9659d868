using Orleans.Kms.Client.Envelope;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Client.DataProtection;

/// <summary>
/// The envelope of Data Protection's key ring. Its interfaces are synchronous, so a thread waits here for the service: once when a process reads its key ring, and when a key is
/// made, every 90 days or so.
/// </summary>
internal sealed class KeyRingEnvelope(KmsClient client, EnvelopeOptions options) : IDisposable
{
    private static readonly EncryptionContext Purpose = EncryptionContext.Of([new("purpose", "aspnetcore-data-protection")]);

    private readonly EnvelopeEncryption _envelope = client.Envelope(options);

    public byte[] Seal(byte[] plaintext) => Wait(async () => await _envelope.Seal(plaintext, Purpose));

    public byte[] Open(byte[] blob) => Wait(async () => await _envelope.Open(blob, Purpose));

    public void Dispose() => _envelope.Dispose();

    // On a thread of the pool, whatever synchronization context or scheduler the caller has.
    private static byte[] Wait(Func<Task<byte[]>> work) => Task.Run(work).GetAwaiter().GetResult();
}
