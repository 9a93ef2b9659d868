using Orleans.Kms.Keys;

namespace Orleans.Kms.Contracts.Tests.Keys;

public sealed class TagTests
{
    [Theory]
    [InlineData("Project", true)]
    [InlineData("a_b-c.d+e=f@g:h/i\\j", true)]
    [InlineData("密钥", true)]
    [InlineData("हिन्दी", true)]
    [InlineData("e\u0301", true)]
    [InlineData("𠀀", true)]
    [InlineData("😀", false)]
    [InlineData("\ud800", false)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a\n", false)]
    [InlineData("aliyun", false)]
    [InlineData("Aliyun-x", false)]
    [InlineData("acs:x", false)]
    [InlineData("ACS:x", false)]
    [InlineData("acs", true)]
    public void Keys(string text, bool valid) => Assert.Equal(valid, Tag.IsKey(text));

    [Theory, InlineData(128, true), InlineData(129, false)]
    public void The_length_of_a_key_has_two_sides(int length, bool valid) => Assert.Equal(valid, Tag.IsKey(new('k', length)));

    [Theory, InlineData(0, true), InlineData(256, true), InlineData(257, false)]
    public void The_length_of_a_value_has_two_sides(int length, bool valid) => Assert.Equal(valid, Tag.IsValue(new('v', length)));

    [Theory, InlineData("acs:x", true), InlineData("a b", false), InlineData(null, false)]
    public void Values(string? text, bool valid) => Assert.Equal(valid, Tag.IsValue(text));
}
