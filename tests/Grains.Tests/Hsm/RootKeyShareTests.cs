using System.Security.Cryptography;
using System.Text;
using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Tests.Hsm;

public sealed class RootKeyShareTests
{
    private const string Id = "0123456789ABCDEF";

    private readonly byte[] _value = RandomNumberGenerator.GetBytes(32);

    private string Text => Encoding.ASCII.GetString(new RootKeyShare(7, Id, 2, 3, _value).ToText());

    [Fact]
    public void Text_gives_back_the_share()
    {
        using var read = RootKeyShare.Parse(Text, "f");
        Assert.Equal((7, Id, 2, 3), (read.RootKeyVersion, read.ExportId, read.Number, read.Threshold));
        Assert.Equal(_value, read.Value);
    }

    [Fact]
    public void Case_blanks_and_line_ends_do_not_count()
    {
        var lines = Text.Split('\n');
        var retyped = string.Join("\r\n\r\n", lines.Select((line, i) => i is 0 or 1 ? $"  {line} " : line.ToLowerInvariant().Replace("value: ", "value:  ", StringComparison.Ordinal)));
        using var read = RootKeyShare.Parse(retyped, "f");
        Assert.Equal(_value, read.Value);
    }

    [Fact]
    public void Every_mistyped_character_is_told()
    {
        var text = Text;
        var first = text.IndexOf('\n', StringComparison.Ordinal) + 1;
        for (var i = first; i < text.Length; i++)
        {
            if (char.IsWhiteSpace(text[i])) continue;
            var other = text[i] == '9' ? '8' : '9';
            var error = Assert.Throws<HsmSetupException>(() => RootKeyShare.Parse($"{text[..i]}{other}{text[(i + 1)..]}", "file-1"));
            Assert.Contains("file-1", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToHexString(_value)[..4], error.Message, StringComparison.Ordinal);
        }
    }

    [Theory, InlineData(""), InlineData("Orleans.Kms root key share, format 1"), InlineData("Orleans.Kms root key share, format 2\nroot key: kms-root-1")]
    public void What_is_no_share_is_refused(string text) => Assert.Throws<HsmSetupException>(() => RootKeyShare.Parse(text, "f"));

    [Fact]
    public void Disposing_wipes_the_value()
    {
        new RootKeyShare(7, Id, 2, 3, _value).Dispose();
        Assert.Equal(new byte[32], _value);
    }

    [Theory, InlineData(3, new[] { 0, 1, 2 }), InlineData(3, new[] { 4, 2, 0 }), InlineData(3, new[] { 0, 1, 2, 3, 4 }), InlineData(5, new[] { 0, 1, 2, 3, 4 })]
    public void Enough_shares_recover_the_transfer_key(int threshold, int[] chosen)
    {
        using var key = TransferKey.Generate();
        var shares = key.Split(7, Id, 5, threshold);
        using var recovered = TransferKey.Recover(Export(threshold), [.. chosen.Select(i => shares[i])]);
        Assert.Equal(key.Bytes, recovered.Bytes);
    }

    [Fact]
    public void Too_few_foreign_and_unfit_shares_are_refused()
    {
        using var key = TransferKey.Generate();
        using var otherKey = TransferKey.Generate();
        var shares = key.Split(7, Id, 5, 3);
        Refuse("3 different shares are needed, 2", shares[0], shares[1], shares[1]);
        Refuse("belongs to another export", shares[0], shares[1], key.Split(8, Id, 5, 3)[2]);
        Refuse("belongs to another export", shares[0], shares[1], key.Split(7, "FFFFFFFFFFFFFFFF", 5, 3)[2]);
        Refuse("belongs to another export", shares[0], shares[1], key.Split(7, Id, 5, 4)[2]);
        Refuse("does not fit", shares[0], shares[1], shares[2], otherKey.Split(7, Id, 5, 3)[3]);
    }

    private static void Refuse(string reason, params RootKeyShare[] shares) =>
        Assert.Contains(reason, Assert.Throws<HsmSetupException>(() => TransferKey.Recover(Export(3), shares)).Message, StringComparison.Ordinal);

    private static RootKeyExport Export(int threshold) => new(1, 7, Id, 5, threshold, [], [], []);
}
