using System.Security.Cryptography;
using System.Text;
using Orleans.Kms.Grains.Trail;

namespace Orleans.Kms.Grains.Tests.Trail;

public sealed class MerkleTreeTests
{
    // The inputs and roots of the test that Certificate Transparency's implementations share.
    private static readonly string[] Inputs =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    [Theory]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4")]
    [InlineData(6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef")]
    [InlineData(7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void Roots_are_those_of_the_published_vectors(int count, string root) =>
        Assert.Equal(root, Convert.ToHexStringLower(MerkleTree.Root(Leaves(Inputs.Take(count).Select(Convert.FromHexString)))));

    [Fact]
    public void Roots_are_those_of_the_definition_for_every_number_of_leaves()
    {
        for (var count = 1; count <= 130; count++)
        {
            var contents = Enumerable.Range(0, count).Select(i => Encoding.ASCII.GetBytes($"event {i}")).ToArray();
            Assert.Equal(Defined(contents), MerkleTree.Root(Leaves(contents)).ToArray());
        }
    }

    [Fact]
    public void Every_leaf_has_a_path_to_the_root_and_to_no_other_place()
    {
        for (var count = 1; count <= 20; count++)
        {
            var leaves = Leaves(Enumerable.Range(0, count).Select(i => new[] { (byte)i }));
            var root = MerkleTree.Root(leaves.ToArray()).ToArray();
            for (var index = 0; index < count; index++)
            {
                var leaf = leaves.AsSpan(index * MerkleTree.HashBytes, MerkleTree.HashBytes);
                var path = MerkleTree.Path(leaves, index);
                Assert.Equal(root, MerkleTree.RootOf(leaf, index, count, path));
                if (count > 1) Assert.NotEqual(root, MerkleTree.RootOf(leaf, (index + 1) % count, count, path));
                Assert.NotEqual(root, MerkleTree.RootOf(leaf, index, count, [.. path, root]));
                if (count > 1) Assert.NotEqual(root, MerkleTree.RootOf(leaf, index, count, path[..^1]));
            }
        }
    }

    private static byte[] Leaves(IEnumerable<byte[]> contents) => [.. contents.SelectMany(content => MerkleTree.HashLeaf((ReadOnlySpan<byte>)content))];

    // Word by word from RFC 6962, 2.1.
    private static byte[] Defined(byte[][] contents)
    {
        if (contents.Length == 1) return SHA256.HashData([0, .. contents[0]]);
        var k = 1;
        while (2 * k < contents.Length) k *= 2;
        return SHA256.HashData([1, .. Defined(contents[..k]), .. Defined(contents[k..])]);
    }
}
