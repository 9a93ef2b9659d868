using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Orleans.Kms.Grains.Trail;

/// <summary>
/// What a block's hash is of, as 113 bytes, numbers big-endian: <c>KMSB</c>, 1, chain id, number, number of the first event, count of events, time of writing, the hash of the
/// block before (zeros for the first), Merkle root of the events.
/// </summary>
/// <param name="ChainId">The chain.</param>
/// <param name="Number">The block's number in it, from 1.</param>
/// <param name="FirstEvent">The number of its first event in the chain, from 1.</param>
/// <param name="Events">How many events it has.</param>
/// <param name="WrittenAt">When it was written, in milliseconds since 1970; never less than in the block before.</param>
/// <param name="Previous">The hash of the block before.</param>
/// <param name="Root">The root of the Merkle tree over its events.</param>
internal sealed record TrailBlockHeader(Guid ChainId, long Number, long FirstEvent, int Events, long WrittenAt, ReadOnlyMemory<byte> Previous, ReadOnlyMemory<byte> Root)
{
    /// <summary>The length of a header.</summary>
    public const int Length = 5 + 16 + 8 + 8 + 4 + 8 + 2 * MerkleTree.HashBytes;

    /// <summary>What the first block of a chain has for the hash of the block before.</summary>
    public static ReadOnlyMemory<byte> NoPrevious { get; } = new byte[MerkleTree.HashBytes];

    /// <summary>The header's bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        "KMSB\u0001"u8.CopyTo(bytes);
        ChainId.TryWriteBytes(bytes.AsSpan(5), bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(21), Number);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(29), FirstEvent);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(37), Events);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(41), WrittenAt);
        Previous.Span.CopyTo(bytes.AsSpan(49));
        Root.Span.CopyTo(bytes.AsSpan(49 + MerkleTree.HashBytes));
        return bytes;
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote; null if it is something else.</summary>
    public static TrailBlockHeader? Read(ReadOnlyMemory<byte> header)
    {
        var bytes = header.Span;
        if (bytes.Length != Length || !bytes.StartsWith("KMSB\u0001"u8)) return null;
        return new(
            new(bytes.Slice(5, 16), bigEndian: true), BinaryPrimitives.ReadInt64BigEndian(bytes[21..]), BinaryPrimitives.ReadInt64BigEndian(bytes[29..]), BinaryPrimitives.ReadInt32BigEndian(bytes[37..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[41..]), header.Slice(49, MerkleTree.HashBytes), header[(49 + MerkleTree.HashBytes)..]);
    }

    /// <summary>The block's hash.</summary>
    public byte[] Hash() => SHA256.HashData(ToBytes());
}
