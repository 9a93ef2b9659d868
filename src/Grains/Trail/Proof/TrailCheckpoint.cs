using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Orleans.Kms.Grains.Trail.Proof;

/// <summary>A statement of where a chain had come to. Its bytes, which are what is signed, are told in docs/trail.md.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="Number">From 1, without a gap.</param>
/// <param name="FirstBlock">The first block that it covers, the one after the last of the checkpoint before.</param>
/// <param name="LastBlock">The last one.</param>
/// <param name="LastEvent">The sequence number of the last event in it.</param>
/// <param name="Time">When it was made (UTC), whole milliseconds.</param>
/// <param name="LastHash">The hash of the last block.</param>
/// <param name="Root">The Merkle tree hash over the hashes of the blocks.</param>
/// <param name="Previous">The hash of the checkpoint before; zeros for the first.</param>
internal sealed record TrailCheckpoint(
    Guid ChainId, long Number, long FirstBlock, long LastBlock, long LastEvent, DateTimeOffset Time, byte[] LastHash, byte[] Root, byte[] Previous)
{
    /// <summary>How many bytes one has.</summary>
    public const int Length = 5 + 16 + (5 * 8) + (3 * HashLength);

    /// <summary>How many blocks one covers at most: what is left is the next one's.</summary>
    public const int MaxBlocks = 1 << 17;

    private const int HashLength = SHA256.HashSizeInBytes;

    // The last byte is the version of the format.
    private static ReadOnlySpan<byte> Magic => "KMSC\x01"u8;

    /// <summary>How many blocks it covers.</summary>
    public long Blocks => LastBlock - FirstBlock + 1;

    /// <summary>The first checkpoint's <see cref="Previous"/>, and the first block's.</summary>
    public static byte[] None => new byte[HashLength];

    /// <summary>What is signed.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        Magic.CopyTo(bytes);
        ChainId.TryWriteBytes(bytes.AsSpan(Magic.Length), bigEndian: true, out _);
        var rest = bytes.AsSpan(Magic.Length + 16);
        foreach (var number in (ReadOnlySpan<long>)[Number, FirstBlock, LastBlock, LastEvent, Time.ToUnixTimeMilliseconds()])
        {
            BinaryPrimitives.WriteInt64BigEndian(rest, number);
            rest = rest[8..];
        }
        LastHash.CopyTo(rest);
        Root.CopyTo(rest[HashLength..]);
        Previous.CopyTo(rest[(2 * HashLength)..]);
        return bytes;
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote; null if it is something else.</summary>
    public static TrailCheckpoint? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length || !bytes.StartsWith(Magic)) return null;
        var chainId = new Guid(bytes.Slice(Magic.Length, 16), bigEndian: true);
        var rest = bytes[(Magic.Length + 16)..];
        Span<long> numbers = stackalloc long[5];
        foreach (ref var number in numbers)
        {
            number = BinaryPrimitives.ReadInt64BigEndian(rest);
            rest = rest[8..];
        }
        if (numbers[0] < 1 || numbers[1] < 1 || numbers[2] < numbers[1] || numbers[2] - numbers[1] >= MaxBlocks || numbers[3] < 1) return null;
        if (numbers[4] < 0 || numbers[4] > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()) return null;
        return new(
            chainId, numbers[0], numbers[1], numbers[2], numbers[3], DateTimeOffset.FromUnixTimeMilliseconds(numbers[4]),
            rest[..HashLength].ToArray(), rest.Slice(HashLength, HashLength).ToArray(), rest[(2 * HashLength)..].ToArray());
    }
}
