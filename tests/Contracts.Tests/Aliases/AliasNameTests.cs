using Orleans.Kms.Aliases;

namespace Orleans.Kms.Contracts.Tests.Aliases;

public sealed class AliasNameTests
{
    [Theory]
    [InlineData("alias/a", true)]
    [InlineData("alias/App_1/prod-2", true)]
    [InlineData("alias/", false)]
    [InlineData("alias", false)]
    [InlineData("app", false)]
    [InlineData("Alias/app", false)]
    [InlineData("alias/app key", false)]
    [InlineData("alias/é", false)]
    [InlineData("alias/a.b", false)]
    [InlineData("alias/acs", false)]
    [InlineData("alias/acs/kms", false)]
    [InlineData("alias/ac", true)]
    [InlineData(null, false)]
    public void Names(string? text, bool valid) => Assert.Equal(valid, AliasName.IsValid(text));

    [Theory, InlineData(255, true), InlineData(256, false)]
    public void The_length_has_two_sides(int length, bool valid) => Assert.Equal(valid, AliasName.IsValid("alias/" + new string('a', length)));

    [Fact]
    public void A_grain_key_is_taken_apart_again()
    {
        Assert.True(AliasName.TryParseGrainKey(AliasName.GrainKey("123", "alias/a/b"), out var account, out var name));
        Assert.Equal(("123", "alias/a/b"), (account, name));
        foreach (var bad in new[] { "", "123", "/alias/a", "123/key", "123/alias/", "123/alias/acs" }) Assert.False(AliasName.TryParseGrainKey(bad, out _, out _));
    }
}
