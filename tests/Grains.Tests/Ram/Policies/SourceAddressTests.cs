using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Orleans.Kms.Grains.Ram.Policies;

namespace Orleans.Kms.Grains.Tests.Ram.Policies;

public sealed class SourceAddressTests
{
    [Theory]
    [InlineData("0.0.0.0"), InlineData("192.0.2.1"), InlineData("255.255.255.255")]
    [InlineData("::"), InlineData("::1"), InlineData("1::"), InlineData("2001:db8::1"), InlineData("2001:DB8:0:0:1:2:3:4"), InlineData("1:2:3:4:5:6:7::"), InlineData("::2:3:4:5:6:7:8")]
    [InlineData("::ffff:192.0.2.1"), InlineData("64:ff9b::192.0.2.1"), InlineData("1:2:3:4:5:6:192.0.2.1")]
    public void An_address_is_read_as_the_framework_reads_it(string text) => Assert.Equal(Framework(text), SourceAddress.Parse(text));

    [Theory]
    [InlineData(null), InlineData(""), InlineData(" "), InlineData("localhost"), InlineData("192.0.2"), InlineData("192.0.2.1.1"), InlineData("192.0.2.256")]
    [InlineData("192.0.2.01"), InlineData("192.0.2.")]
    [InlineData(".192.0.2"), InlineData("127.1"), InlineData("2130706433"), InlineData("0x7f.0.0.1"), InlineData("192.0.2.1 "), InlineData("192.0.2.+1")]
    [InlineData("192.0.2.1:80"), InlineData("192.0.2.1/24")]
    [InlineData(":"), InlineData(":::"), InlineData("::1::"), InlineData(":1"), InlineData("1:"), InlineData("1:2:3:4:5:6:7"), InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7:8::"), InlineData("::12345")]
    [InlineData("::g"), InlineData("[::1]"), InlineData("fe80::1%eth0"), InlineData("192.0.2.1::"), InlineData("::192.0.2.1:1"), InlineData("1:2:3:4:5:6:7:192.0.2.1")]
    [InlineData("::192.0.2"), InlineData(":: 1")]
    [InlineData("1:2:3:4::5:6:7:8"), InlineData("\u0661.0.0.1"), InlineData("192.0.2.1\0"), InlineData("::1\0"), InlineData("::1\0:2")]
    public void What_is_no_address_in_the_usual_notation_is_none(string? text) => Assert.Null(SourceAddress.Parse(text));

    [Theory]
    [InlineData("192.0.2.0/0"), InlineData("192.0.2.0/32"), InlineData("2001:db8::/0"), InlineData("2001:db8::/128"), InlineData("192.0.2.0"), InlineData("::")]
    public void A_range_is_an_address_or_a_network(string text) => Assert.NotNull(SourceAddress.ParseRange(text));

    [Theory]
    [InlineData("192.0.2.0/33"), InlineData("2001:db8::/129"), InlineData("192.0.2.0/"), InlineData("/24"), InlineData("192.0.2.0/-1"), InlineData("192.0.2.0/ 8")]
    [InlineData("192.0.2.0/08"), InlineData("192.0.2.0/8/8")]
    [InlineData("192.0.2.0/300"), InlineData("192.0.2.0/255.255.255.0"), InlineData("192.0.2.*"), InlineData("192.0.2.0/8\0"), InlineData("")]
    public void What_is_neither_is_no_range(string text) => Assert.Null(SourceAddress.ParseRange(text));

    [Theory]
    [InlineData(20260301UL), InlineData(20260302UL)]
    public void Random_addresses_are_read_as_the_framework_reads_them(ulong seed)
    {
        var dice = new Dice(seed);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = Enumerable.Range(0, dice.Chance(2) ? 4 : 16).Select(_ => (byte)(dice.Chance(2) ? 0 : dice.Below(256))).ToArray();
            var text = new IPAddress(bytes).ToString();
            Assert.True(Framework(text) == SourceAddress.Parse(text), $"seed {seed}: {text}");
        }
    }

    private static UInt128 Framework(string text)
    {
        var address = IPAddress.Parse(text);
        return BinaryPrimitives.ReadUInt128BigEndian((address.AddressFamily == AddressFamily.InterNetwork ? address.MapToIPv6() : address).GetAddressBytes());
    }
}
