using System.Security.Cryptography;

namespace Orleans.Kms.Client.Envelope;

/// <summary>
/// A data key in memory: pinned, so that there is one copy of it, and wiped when the last holder lets it go. Whoever makes it holds it; caches and calls hold it as long as they
/// need it.
/// </summary>
/// <param name="plaintext">32 bytes, copied.</param>
/// <param name="encrypted">The data key under its CMK.</param>
/// <param name="askedAt">When the service was asked for it, as a timestamp of the clock: its age counts from then.</param>
internal sealed class DataKey(ReadOnlySpan<byte> plaintext, byte[] encrypted, long askedAt)
{
    /// <summary>The length of a data key, in bytes.</summary>
    public const int Length = 32;

    private readonly byte[] _key = Pinned(plaintext);
    private int _holders = 1;

    public byte[] Encrypted { get; } = encrypted;

    public long AskedAt { get; } = askedAt;

    /// <summary>Whether it was wiped.</summary>
    public bool IsWiped => Volatile.Read(ref _holders) == 0;

    /// <summary>Holds it once more; false if it was wiped.</summary>
    public bool TryHold()
    {
        while (true)
        {
            var holders = Volatile.Read(ref _holders);
            if (holders == 0) return false;
            if (Interlocked.CompareExchange(ref _holders, holders + 1, holders) == holders) return true;
        }
    }

    /// <summary>Lets it go.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0) CryptographicOperations.ZeroMemory(_key);
    }

    /// <summary>The cipher under this key, for a caller that holds it.</summary>
    public AesGcm Cipher() => new(_key, SealedBlob.TagLength);

    private static byte[] Pinned(ReadOnlySpan<byte> plaintext)
    {
        var key = GC.AllocateArray<byte>(Length, pinned: true);
        plaintext.CopyTo(key);
        return key;
    }
}
