using Orleans.Kms.Grains.Trail;

namespace Orleans.Kms.Grains.Tests.Trail;

public sealed class TrailBlockHeaderTests
{
    [Fact]
    public void A_header_has_the_documented_bytes_and_its_hash_is_of_them()
    {
        var header = new TrailBlockHeader(
            Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"), 2, 258, 3, 1772366400000, Enumerable.Repeat((byte)0xA1, 32).ToArray(), Enumerable.Repeat((byte)0xB2, 32).ToArray());
        Assert.Equal(
            "4B4D534201" + "00112233445566778899AABBCCDDEEFF" + "0000000000000002" + "0000000000000102" + "00000003" + "0000019CA9450A00" + Repeat("A1") + Repeat("B2"),
            Convert.ToHexString(header.ToBytes()));
        Assert.Equal("629bbe63e0f9fdb128991c0df5b870afc739c482cf4d31bb182a8986fe4cd60b", Convert.ToHexStringLower(header.Hash()));
    }

    private static string Repeat(string hex) => string.Concat(Enumerable.Repeat(hex, 32));
}
