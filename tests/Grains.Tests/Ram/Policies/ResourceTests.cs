using Orleans.Kms.Grains.Ram.Policies;

namespace Orleans.Kms.Grains.Tests.Ram.Policies;

public sealed class ResourceTests
{
    private const string User = $"acs:ram:*:{Asking.Account}:user/alice";

    [Theory]
    [InlineData("*", true), InlineData("acs:*", true), InlineData("acs:kms:*", true), InlineData("acs:kms:*:*:*", true), InlineData("acs:kms:local-1:*", true)]
    [InlineData("acs:kms:*:*:key/*", true), InlineData("acs:kms:*:*:key/1234abcd", true), InlineData("acs:kms:*:1000000000000001:key/1234????", true)]
    [InlineData("acs:kms:*:*:key", false), InlineData("acs:kms:*:*:alias/*", false), InlineData("acs:kms:*:1000000000000002:*", false), InlineData("acs:kms:local-2:*:*", false)]
    [InlineData("acs:kms:*:*:KEY/*", false), InlineData("acs:KMS:*", false), InlineData("acs:ram:*", false), InlineData("acs:kms::*:key/*", false)]
    public void A_key_is_covered_by_what_names_it(string pattern, bool isCovered) => Assert.Equal(isCovered, Covers(pattern, Asking.Key));

    [Theory]
    [InlineData("acs:kms:*:*:key", true), InlineData("acs:kms:*:*:key*", true), InlineData("acs:kms:*:*:key/*", false)]
    public void The_container_of_keys_is_not_one_of_them(string pattern, bool isCovered) => Assert.Equal(isCovered, Covers(pattern, $"acs:kms:local-1:{Asking.Account}:key"));

    [Theory]
    [InlineData("*", true), InlineData("acs:*", true), InlineData("acs:ram:*", true), InlineData("acs:ram*", true), InlineData("acs:r*", true), InlineData("acs:ram:cn-*", true)]
    [InlineData("acs:ram::1000000000000001:user/alice", true), InlineData("acs:ram:*:1000000000000001:user/alice", true)]
    [InlineData("acs:ram:cn-hangzhou:1000000000000001:user/*", true)]
    [InlineData("acs:ram:local-1:*", true), InlineData("acs:ram:::user/alice", false), InlineData("acs:ram::1000000000000002:user/alice", false)]
    [InlineData("acs:ram::*:user/bob", false)]
    [InlineData("acs:*:*:1000000000000001:*", true), InlineData("acs:*::1000000000000001:user/*", true), InlineData("acs:*:cn-hangzhou:*:user/*", true)]
    [InlineData("acs:r?m:local-2:*:*", true)]
    [InlineData("acs:rds:cn-hangzhou:*:*", false), InlineData("acs:sts::1000000000000001:user/alice", false)]
    // A part is missing: what is meant for the account stands where the region is.
    [InlineData("acs:ram:1000000000000002:user/*", false), InlineData("acs:ram:1000000000000001:user/*", false), InlineData("acs:*:1000000000000002:user/*", false)]
    [InlineData("acs:*:1000000000000001:user/*", true), InlineData("acs:ram::user/*", false), InlineData("acs:ram:*:user/*", true), InlineData("acs:ram:?:user/*", false)]
    public void The_region_of_a_user_is_ignored_and_nothing_else(string pattern, bool isCovered) => Assert.Equal(isCovered, Covers(pattern, User));

    [Fact]
    public void A_pattern_of_several_services_keeps_its_region_for_those_that_have_one()
    {
        Assert.False(Covers("acs:*:cn-hangzhou:*:*", Asking.Key));
        Assert.True(Covers("acs:*:local-1:*:*", Asking.Key));
        Assert.True(Covers("acs:*:cn-hangzhou:*:*", User));
        Assert.True(Covers("acs:*:cn-hangzhou:*:*", $"acs:sts:*:{Asking.Account}:assumed-role/r"));
    }

    private static bool Covers(string pattern, string resource) =>
        Asking.Ask(Asking.Document(Asking.Statement("Allow", "*", pattern)), Asking.Request("any:Thing", resource)) == Verdict.Allow;
}
