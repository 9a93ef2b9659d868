using System.Text;
using Orleans.Kms.Grains.Sealing;

namespace Orleans.Kms.Grains.Tests.Setup;

public sealed class RootKeyLinesTests
{
    private const string A = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private const string B = "////////////////////////////////////////////";
    private const string OtherA = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    [Theory]
    [InlineData($"1 {A}\n", 1)]
    [InlineData($"1 {A}", 1)]
    [InlineData($"1 {A}\n2 {OtherA}\n", 1, 2)]
    [InlineData($"3 {A}\n1 {OtherA}", 1, 3)]
    [InlineData($"2147483647 {A}\n", int.MaxValue)]
    public void Lines_give_their_keys(string content, params int[] versions)
    {
        var keys = Parse(content);
        Assert.Equal(versions, keys.Keys);
        Assert.All(keys.Values, key => Assert.Equal(32, key.Length));
        Assert.Contains(keys.Values, key => key.SequenceEqual(Convert.FromBase64String(A)));
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("\n", "line 1 is not")]
    [InlineData(" \n", "line 1 is not")]
    [InlineData("1\n", "line 1 is not")]
    [InlineData("1 \n", "line 1 is not")]
    [InlineData(A, "line 1 is not")]
    [InlineData($" {A}\n", "line 1 is not")]
    [InlineData($"0 {A}\n", "line 1 is not")]
    [InlineData($"01 {A}\n", "line 1 is not")]
    [InlineData($"-1 {A}\n", "line 1 is not")]
    [InlineData($"+1 {A}\n", "line 1 is not")]
    [InlineData($"1.5 {A}\n", "line 1 is not")]
    [InlineData($"one {A}\n", "line 1 is not")]
    [InlineData($"2147483648 {A}\n", "line 1 is not")]
    [InlineData($"99999999999999999999 {A}\n", "line 1 is not")]
    [InlineData($" 1 {A}\n", "line 1 is not")]
    [InlineData($"1  {A}\n", "line 1 is not")]
    [InlineData($"1\t{A}\n", "line 1 is not")]
    [InlineData($"1 {A} \n", "line 1 is not")]
    [InlineData($"1 {A}\r\n", "line 1 is not")]
    [InlineData($"1 {A} 2 {OtherA}\n", "line 1 is not")]
    // 31 bytes, 33 bytes, 16 bytes.
    [InlineData("1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==\n", "line 1 is not")]
    [InlineData($"1 {B}\n", "line 1 is not")]
    [InlineData("1 AAECAwQFBgcICQoLDA0ODw==\n", "line 1 is not")]
    [InlineData("1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n", "line 1 is not")]
    [InlineData("1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8*\n", "line 1 is not")]
    // Base64 with a blank in it, and that of URLs.
    [InlineData("1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg =\n", "line 1 is not")]
    [InlineData("1 __________________________________________8=\n", "line 1 is not")]
    [InlineData($"1 {A}\n\n", "line 2 is not")]
    [InlineData($"1 {A}\n\n2 {OtherA}\n", "line 2 is not")]
    [InlineData($"# root keys\n1 {A}\n", "line 1 is not")]
    [InlineData($"1 {A}\n2 {OtherA}\n3 x\n", "line 3 is not")]
    [InlineData($"1 {A}\n1 {OtherA}\n", "line 2 repeats version 1")]
    [InlineData($"1 {A}\n2 {OtherA}\n1 {A}\n", "line 3 repeats version 1")]
    public void Anything_else_is_refused_and_its_line_told_without_its_content(string content, string reason)
    {
        var message = Assert.Throws<FormatException>(() => Parse(content)).Message;
        Assert.StartsWith(reason, message, StringComparison.Ordinal);
        Assert.DoesNotContain("AAEC", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 1, $"1 {A}\n")]
    [InlineData($"1 {OtherA}\n", 2, $"1 {OtherA}\n2 {A}\n")]
    [InlineData($"1 {OtherA}", 2, $"1 {OtherA}\n2 {A}\n")]
    [InlineData($"1 {OtherA}\n", int.MaxValue, $"1 {OtherA}\n2147483647 {A}\n")]
    public void A_key_is_appended_as_a_line(string content, int version, string expected) =>
        Assert.Equal(expected, Encoding.ASCII.GetString(RootKeyLines.Append(Encoding.ASCII.GetBytes(content), version, Convert.FromBase64String(A))));

    [Theory, InlineData(0), InlineData(31), InlineData(33)]
    public void A_key_of_another_length_is_not_appended(int length) => Assert.Throws<ArgumentException>(() => RootKeyLines.Append([], 1, new byte[length]));

    private static SortedDictionary<int, byte[]> Parse(string content) => RootKeyLines.Parse(Encoding.ASCII.GetBytes(content));
}
