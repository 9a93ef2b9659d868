using System.Buffers.Text;
using System.Text;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Ram;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Tests.Ram;

public sealed class RamMarkerTests
{
    [Fact]
    public void A_page_is_cut_behind_its_last_entry()
    {
        var (page, marker) = RamMarker.Cut(["A", "B", "C"], new(null, 2), entry => entry);
        Assert.Equal(["A", "B"], page);
        Assert.Equal("B", RamMarker.After(new(marker, 2)));
        Assert.Equal((2, null), (RamMarker.Cut(["A", "B"], new(null, 2), entry => entry).Page.Length, RamMarker.Cut(["A", "B"], new(null, 2), entry => entry).Marker));
        Assert.Equal("", RamMarker.After(new(null, 2)));
    }

    [Theory, InlineData(1), InlineData(1000)]
    public void Pages_have_1_to_1000_entries(int maxItems) => Assert.Equal("", RamMarker.After(new(null, maxItems)));

    [Theory, InlineData(0), InlineData(-1), InlineData(1001)]
    public void Other_pages_are_refused(int maxItems) => AssertCode("InvalidParameter.MaxItems", new(null, maxItems));

    [Theory, InlineData(""), InlineData("a"), InlineData("a+/="), InlineData("not a marker"), InlineData("Zm\u00e9v")]
    public void A_marker_that_is_no_Base64Url_is_refused(string marker) => AssertCode("InvalidParameter.Marker", new(marker, 1));

    [Theory, InlineData(0x00), InlineData(0x1f), InlineData(0x7f), InlineData(0xff)]
    public void A_marker_that_holds_no_name_is_refused(int b) => AssertCode("InvalidParameter.Marker", new(Base64Url.EncodeToString([(byte)b]), 1));

    [Fact]
    public void A_marker_that_is_longer_than_any_name_is_refused()
    {
        var longest = new string('A', RamNames.MaxPolicyLength) + " 1";
        Assert.Equal(longest, RamMarker.After(new(Base64Url.EncodeToString(Encoding.ASCII.GetBytes(longest)), 1)));
        AssertCode("InvalidParameter.Marker", new(Base64Url.EncodeToString(new byte[1000]), 1));
    }

    private static void AssertCode(string code, MarkerRequest page) => Assert.Equal(code, Assert.Throws<KmsException>(() => RamMarker.After(page)).ApiCode);
}
