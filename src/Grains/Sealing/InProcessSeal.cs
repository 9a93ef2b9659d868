using System.Security.Cryptography;

namespace Orleans.Kms.Grains.Sealing;

/// <summary>
/// The service key is in this process, for want of a token. Safe to call from all threads: they take turns, for microseconds, when material is made or comes into memory.
/// </summary>
internal sealed class InProcessSeal : ServiceSeal, IDisposable
{
    private const int IvBytes = 12;
    private const int TagBytes = 16;

    private readonly Lock _gate = new();
    private readonly AesGcm _aes;

    /// <param name="serviceKey">32 bytes. Wiped here: the cipher keeps the only copy and wipes it when disposed.</param>
    public InProcessSeal(byte[] serviceKey)
    {
        try { _aes = new AesGcm(serviceKey, TagBytes); }
        finally { CryptographicOperations.ZeroMemory(serviceKey); }
    }

    public override ValueTask<byte[]> Seal(Guid affinity, byte[] place, byte[] plaintext) => new(Seal(place, plaintext));

    public override ValueTask<byte[]> Open(Guid affinity, byte[] place, byte[] sealedBytes) => new(Open(place, sealedBytes));

    /// <summary>As <see cref="Seal(Guid, byte[], byte[])"/>, at once.</summary>
    public byte[] Seal(byte[] place, byte[] plaintext)
    {
        var sealedBytes = new byte[IvBytes + plaintext.Length + TagBytes];
        var iv = sealedBytes.AsSpan(0, IvBytes);
        RandomNumberGenerator.Fill(iv);
        lock (_gate) _aes.Encrypt(iv, plaintext, sealedBytes.AsSpan(IvBytes..^TagBytes), sealedBytes.AsSpan(^TagBytes..), place);
        return sealedBytes;
    }

    /// <summary>As <see cref="Open(Guid, byte[], byte[])"/>, at once.</summary>
    public byte[] Open(byte[] place, byte[] sealedBytes)
    {
        if (sealedBytes.Length < IvBytes + TagBytes) throw NotGenuine();
        var plaintext = new byte[sealedBytes.Length - IvBytes - TagBytes];
        try
        {
            lock (_gate) _aes.Decrypt(sealedBytes.AsSpan(0, IvBytes), sealedBytes.AsSpan(IvBytes..^TagBytes), sealedBytes.AsSpan(^TagBytes..), plaintext, place);
            return plaintext;
        }
        catch (AuthenticationTagMismatchException) { throw NotGenuine(); }
    }

    public void Dispose() => _aes.Dispose();

    private static InvalidDataException NotGenuine() => new("Sealed bytes do not open under the service key: they were altered, or sealed for something else.");
}
