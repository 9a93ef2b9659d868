using Orleans.Kms.Keys;

namespace Orleans.Kms.Contracts.Tests.Keys;

public sealed class KeyIdTests
{
    [Theory]
    [InlineData("1234abcd-12ab-34cd-56ef-1234567890ab", true)]
    [InlineData("1234ABCD-12ab-34cd-56ef-1234567890ab", false)]
    [InlineData("1234abcd12ab34cd56ef1234567890ab", false)]
    [InlineData("{1234abcd-12ab-34cd-56ef-1234567890ab}", false)]
    [InlineData(" 1234abcd-12ab-34cd-56ef-1234567890ab", false)]
    [InlineData("alias/app", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_key_id_has_one_spelling(string? text, bool expected) => Assert.Equal(expected, KeyId.TryParse(text, out _));

    [Fact]
    public void A_grain_key_comes_apart_as_it_was_put_together()
    {
        var id = Guid.NewGuid();
        Assert.True(KeyId.TryParseGrainKey(KeyId.GrainKey("1000000000000001", id), out var account, out var key));
        Assert.Equal(("1000000000000001", id), (account, key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("1000000000000001")]
    [InlineData("/1234abcd-12ab-34cd-56ef-1234567890ab")]
    [InlineData("1000000000000001/1234")]
    public void Other_texts_are_no_grain_key(string text) => Assert.False(KeyId.TryParseGrainKey(text, out _, out _));
}
