using System.Formats.Asn1;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Tests.Hsm;

public sealed class EcPointTests
{
    [Theory]
    [InlineData("01", "02", "3006020101020102")]
    [InlineData("80", "7f", "300702020080" + "02017f")]
    [InlineData("00", "00", "3006020100020100")]
    [InlineData("0100", "00ff", "300802020100" + "020200ff")]
    public void Numbers_of_a_signature_are_minimal_and_positive(string r, string s, string expected) =>
        Assert.Equal(expected, Convert.ToHexStringLower(EcPoint.Signature(Convert.FromHexString(r.PadLeft(64, '0') + s.PadLeft(64, '0')))));

    [Fact]
    public void Full_length_numbers_keep_all_their_bytes()
    {
        var der = EcPoint.Signature(Enumerable.Repeat((byte)0xff, 64).ToArray());
        Assert.Equal("3046022100" + new string('f', 64) + "022100" + new string('f', 64), Convert.ToHexStringLower(der));
    }

    [Theory, InlineData(0), InlineData(63), InlineData(65), InlineData(72)]
    public void Signature_of_another_length_is_refused(int length) => Assert.Throws<InvalidDataException>(() => EcPoint.Signature(new byte[length]));

    [Fact]
    public void Point_is_read_from_its_octet_string()
    {
        byte[] point = [4, .. Enumerable.Range(0, 64).Select(number => (byte)number)];
        var read = EcPoint.Read([4, 65, .. point]);
        Assert.Equal(point[1..33], read.X);
        Assert.Equal(point[33..], read.Y);
        Assert.Throws<AsnContentException>(() => EcPoint.Read(point));
        Assert.Throws<AsnContentException>(() => EcPoint.Read([4, 65, .. point, 0]));
        Assert.Throws<AsnContentException>(() => EcPoint.Read([4, 65, 2, .. point[1..]]));
        Assert.Throws<AsnContentException>(() => EcPoint.Read([4, 33, 2, .. point[1..33]]));
    }
}
