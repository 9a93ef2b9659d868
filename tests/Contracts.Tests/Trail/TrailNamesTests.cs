using Orleans.Kms.Errors;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Contracts.Tests.Trail;

public sealed class TrailNamesTests
{
    [Theory]
    [InlineData("abcdef")]
    [InlineData("a-_019")]
    [InlineData("abcdefghijklmnopqrstuvwxyz-_01234567")]
    public void A_trail_may_be_called_so(string name) => Assert.Equal(name, TrailNames.Trail(name));

    [Theory]
    [InlineData("abcde")]
    [InlineData("abcdefghijklmnopqrstuvwxyz-_012345678")]
    [InlineData("1bcdef")]
    [InlineData("-bcdef")]
    [InlineData("_bcdef")]
    [InlineData("Abcdef")]
    [InlineData("abcdeF")]
    [InlineData("abc/ef")]
    [InlineData("abc ef")]
    [InlineData("abcd\u00e9f")]
    [InlineData("abcdef\n")]
    public void A_trail_may_not_be_called_so(string name) => AssertCode("InvalidTrailNameException", () => TrailNames.Trail(name));

    [Theory, InlineData(null), InlineData("")]
    public void A_trail_has_a_name(string? name) => AssertCode("MissingName", () => TrailNames.Trail(name));

    [Theory]
    [InlineData("abc", true)]
    [InlineData("0-a", true)]
    [InlineData("123456789-123456789-123456789-123456789-123456789-123456789-123", true)]
    [InlineData("ab", false)]
    [InlineData("123456789-123456789-123456789-123456789-123456789-123456789-1234", false)]
    [InlineData("-abc", false)]
    [InlineData("aBc", false)]
    [InlineData("a.b", false)]
    [InlineData("../", false)]
    [InlineData("a_b", false)]
    public void Buckets_are_called_as_buckets_are(string name, bool isRight)
    {
        Assert.Equal(isRight, TrailNames.IsBucket(name));
        if (isRight) Assert.Equal(name, TrailNames.Bucket(name));
        else AssertCode("InvalidBucketNameException", () => TrailNames.Bucket(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("abcdef")]
    [InlineData("Abc/de-f_0")]
    [InlineData("a2345678901234567890123456789012")]
    public void Objects_may_begin_so(string prefix) => Assert.Equal(prefix, TrailNames.Prefix(prefix));

    [Theory]
    [InlineData("abcde")]
    [InlineData("a23456789012345678901234567890123")]
    [InlineData("/bcdef")]
    [InlineData("1bcdef")]
    [InlineData("abc.ef")]
    [InlineData("abc\\ef")]
    [InlineData("abcde ")]
    public void Objects_may_not_begin_so(string prefix) => AssertCode("InvalidPrefixException", () => TrailNames.Prefix(prefix));

    private static void AssertCode(string code, Func<object> check) => Assert.Equal(code, Assert.Throws<KmsException>(check).ApiCode);
}
