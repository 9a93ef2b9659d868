using System.Numerics;
using System.Security.Cryptography;

namespace Orleans.Kms.Grains.Trail;

/// <summary>The Merkle tree of RFC 6962 over SHA-256. Lists of hashes are kept one after the other in one span.</summary>
internal static class MerkleTree
{
    /// <summary>The length of a hash.</summary>
    public const int HashBytes = SHA256.HashSizeInBytes;

    private const byte LeafPrefix = 0;
    private const byte NodePrefix = 1;

    /// <summary>The hash of a leaf: SHA-256 over a byte 0 and the content.</summary>
    /// <param name="prefixed">The content, after one byte that this method sets.</param>
    /// <param name="hash">Where the hash goes.</param>
    public static void HashLeaf(Span<byte> prefixed, Span<byte> hash)
    {
        prefixed[0] = LeafPrefix;
        SHA256.HashData(prefixed, hash);
    }

    /// <summary>The hash of a leaf: SHA-256 over a byte 0 and the content.</summary>
    public static byte[] HashLeaf(ReadOnlySpan<byte> content)
    {
        var prefixed = new byte[content.Length + 1];
        content.CopyTo(prefixed.AsSpan(1));
        return SHA256.HashData(prefixed);
    }

    /// <summary>Works out the root, and leaves the list of leaves overwritten.</summary>
    /// <param name="hashes">The leaves' hashes; at least one.</param>
    /// <returns>The root: the first hash of the list.</returns>
    public static Span<byte> Root(Span<byte> hashes)
    {
        // Level by level: two make one, and one that is left over goes up as it is. That is the tree whose left part is the largest power of two.
        Span<byte> node = stackalloc byte[1 + 2 * HashBytes];
        node[0] = NodePrefix;
        for (var count = hashes.Length / HashBytes; count > 1; count = (count + 1) / 2)
        {
            for (var i = 0; i + 1 < count; i += 2)
            {
                hashes.Slice(i * HashBytes, 2 * HashBytes).CopyTo(node[1..]);
                SHA256.HashData(node, At(hashes, i / 2));
            }
            if (int.IsOddInteger(count)) At(hashes, count - 1).CopyTo(At(hashes, count / 2));
        }
        return At(hashes, 0);
    }

    /// <summary>The audit path of a leaf: the hashes, from the leaf upwards, that lead from it to the root.</summary>
    public static List<byte[]> Path(ReadOnlySpan<byte> leaves, int index)
    {
        var count = leaves.Length / HashBytes;
        if (count == 1) return [];
        var left = 1 << BitOperations.Log2((uint)count - 1);
        var isLeft = index < left;
        var (first, rest) = (leaves[..(left * HashBytes)].ToArray(), leaves[(left * HashBytes)..].ToArray());
        var path = isLeft ? Path(first, index) : Path(rest, index - left);
        path.Add(Root(isLeft ? rest : first).ToArray());
        return path;
    }

    /// <summary>The root to which an audit path leads; null if a leaf at that place has no path of that length.</summary>
    public static byte[]? RootOf(ReadOnlySpan<byte> leaf, int index, int count, IReadOnlyList<byte[]> path)
    {
        var (place, last, hash) = (index, count - 1, leaf.ToArray());
        foreach (var beside in path)
        {
            if (last == 0) return null;
            // One that is left over on its level has nothing beside it there.
            while (place == last && int.IsEvenInteger(place)) (place, last) = (place / 2, last / 2);
            hash = int.IsOddInteger(place) ? Node(beside, hash) : Node(hash, beside);
            (place, last) = (place / 2, last / 2);
        }
        return last == 0 ? hash : null;
    }

    private static byte[] Node(byte[] left, byte[] right) => SHA256.HashData([NodePrefix, .. left, .. right]);

    private static Span<byte> At(Span<byte> hashes, int index) => hashes.Slice(index * HashBytes, HashBytes);
}
