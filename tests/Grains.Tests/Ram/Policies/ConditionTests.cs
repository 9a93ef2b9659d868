using Orleans.Kms.Grains.Ram.Policies;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Ram.Policies;

public sealed class ConditionTests
{
    // The request's value is the tag, absent where null; the condition's values are separated by bars.
    [Theory]
    [InlineData("StringEquals", "Apollo", "Apollo", true), InlineData("StringEquals", "Apollo", "apollo", false), InlineData("StringEquals", "Gemini|Apollo", "Apollo", true)]
    [InlineData("StringEquals", "Ap*", "Apollo", false), InlineData("StringEquals", "Ap*", "Ap*", true), InlineData("StringEquals", "", "", true)]
    [InlineData("StringEquals", "", null, false)]
    [InlineData("StringNotEquals", "Apollo", "Apollo", false), InlineData("StringNotEquals", "Apollo", "apollo", true), InlineData("StringNotEquals", "Gemini|Apollo", "Apollo", false)]
    [InlineData("StringNotEquals", "Gemini|Apollo", "Orion", true), InlineData("StringNotEquals", "Apollo", null, true)]
    [InlineData("StringEqualsIgnoreCase", "Apollo", "aPOLLO", true), InlineData("StringEqualsIgnoreCase", "Äpfel", "äPFEL", true)]
    [InlineData("StringEqualsIgnoreCase", "Apollo", "Gemini", false)]
    [InlineData("StringEqualsIgnoreCase", "Ap*", "apollo", false), InlineData("StringEqualsIgnoreCase", "x|APOLLO", "apollo", true)]
    [InlineData("StringEqualsIgnoreCase", "Apollo", null, false)]
    [InlineData("StringNotEqualsIgnoreCase", "Apollo", "aPOLLO", false), InlineData("StringNotEqualsIgnoreCase", "Apollo", "Gemini", true)]
    [InlineData("StringNotEqualsIgnoreCase", "Gemini|Apollo", "apollo", false), InlineData("StringNotEqualsIgnoreCase", "Gemini|Apollo", null, true)]
    [InlineData("StringLike", "Ap*", "Apollo", true), InlineData("StringLike", "ap*", "Apollo", false), InlineData("StringLike", "A?ollo", "Apollo", true)]
    [InlineData("StringLike", "*", "", true)]
    [InlineData("StringLike", "Gem*|*llo", "Apollo", true), InlineData("StringLike", "Gem*|*lla", "Apollo", false), InlineData("StringLike", "*", null, false)]
    [InlineData("StringLike", "", "", true)]
    [InlineData("StringNotLike", "Ap*", "Apollo", false), InlineData("StringNotLike", "ap*", "Apollo", true), InlineData("StringNotLike", "Gem*|*llo", "Apollo", false)]
    [InlineData("StringNotLike", "Gem*|*lla", "Apollo", true), InlineData("StringNotLike", "*", null, true)]
    public void Texts_are_compared(string operation, string values, string? tag, bool holds) => Compares(operation, values, tag, holds);

    [Theory]
    [InlineData("NumericEquals", "5", "5.0", true), InlineData("NumericEquals", "5", "+5", true), InlineData("NumericEquals", "5", "6", false)]
    [InlineData("NumericEquals", "4|5", "5", true)]
    [InlineData("NumericEquals", "5", "five", false), InlineData("NumericEquals", "0", "", false), InlineData("NumericEquals", "0", null, false)]
    [InlineData("NumericEquals", "-0.5", "-0.50", true)]
    [InlineData("NumericEquals", "9007199254740993", "9007199254740992", false)]
    [InlineData("NumericNotEquals", "5", "5.0", false), InlineData("NumericNotEquals", "5", "6", true), InlineData("NumericNotEquals", "4|5", "5", false)]
    [InlineData("NumericNotEquals", "4|5", "6", true)]
    [InlineData("NumericNotEquals", "5", "five", true), InlineData("NumericNotEquals", "5", null, true)]
    [InlineData("NumericLessThan", "5", "4.999", true), InlineData("NumericLessThan", "5", "5", false), InlineData("NumericLessThan", "5", "10", false)]
    [InlineData("NumericLessThan", "1|9", "5", true)]
    [InlineData("NumericLessThan", "5", "x", false), InlineData("NumericLessThan", "5", null, false)]
    [InlineData("NumericLessThanEquals", "5", "5", true), InlineData("NumericLessThanEquals", "5", "5.1", false), InlineData("NumericLessThanEquals", "5", "-7", true)]
    [InlineData("NumericLessThanEquals", "1|9", "9", true), InlineData("NumericLessThanEquals", "5", null, false)]
    [InlineData("NumericGreaterThan", "5", "5.1", true), InlineData("NumericGreaterThan", "5", "5", false), InlineData("NumericGreaterThan", "9|1", "5", true)]
    [InlineData("NumericGreaterThan", "5", null, false)]
    [InlineData("NumericGreaterThanEquals", "5", "5", true), InlineData("NumericGreaterThanEquals", "5", "4.9", false), InlineData("NumericGreaterThanEquals", "9|1", "1", true)]
    [InlineData("NumericGreaterThanEquals", "5", "", false), InlineData("NumericGreaterThanEquals", "5", null, false)]
    public void Numbers_are_compared(string operation, string values, string? tag, bool holds) => Compares(operation, values, tag, holds);

    [Theory]
    [InlineData("DateEquals", "2026-01-31T08:00:00Z", "2026-01-31T16:00:00+08:00", true), InlineData("DateEquals", "2026-01-31T08:00Z", "2026-01-31T08:00:00.000Z", true)]
    [InlineData("DateEquals", "2026-01-31T08:00:00Z", "2026-01-31T08:00:00+08:00", false)]
    [InlineData("DateEquals", "2025-01-31T08:00:00Z|2026-01-31T08:00:00Z", "2026-01-31T08:00:00Z", true)]
    [InlineData("DateEquals", "2026-01-31T08:00:00Z", "2026-01-31", false), InlineData("DateEquals", "2026-01-31T08:00:00Z", null, false)]
    [InlineData("DateNotEquals", "2026-01-31T08:00:00Z", "2026-01-31T16:00:00+08:00", false), InlineData("DateNotEquals", "2026-01-31T08:00:00Z", "2026-01-31T08:00:01Z", true)]
    [InlineData("DateNotEquals", "2025-01-31T08:00:00Z|2026-01-31T08:00:00Z", "2026-01-31T08:00:00Z", false), InlineData("DateNotEquals", "2026-01-31T08:00:00Z", "soon", true)]
    [InlineData("DateNotEquals", "2026-01-31T08:00:00Z", null, true)]
    [InlineData("DateLessThan", "2026-01-31T08:00:00Z", "2026-01-31T07:59:59.9999999Z", true), InlineData("DateLessThan", "2026-01-31T08:00:00Z", "2026-01-31T08:00:00Z", false)]
    [InlineData("DateLessThan", "2025-01-31T08:00:00Z|2027-01-31T08:00:00Z", "2026-01-31T08:00:00Z", true), InlineData("DateLessThan", "2026-01-31T08:00:00Z", null, false)]
    [InlineData("DateLessThanEquals", "2026-01-31T08:00:00Z", "2026-01-31T08:00:00Z", true), InlineData("DateLessThanEquals", "2026-01-31T08:00:00Z", "2026-01-31T08:00:00.001Z", false)]
    [InlineData("DateLessThanEquals", "2026-01-31T08:00:00Z", null, false)]
    [InlineData("DateGreaterThan", "2026-01-31T08:00:00Z", "2026-01-31T08:00:00.0000001Z", true), InlineData("DateGreaterThan", "2026-01-31T08:00:00Z", "2026-01-31T08:00:00Z", false)]
    [InlineData("DateGreaterThan", "2026-01-31T08:00:00Z", "2026-01-31T08:00:01+00:01", false), InlineData("DateGreaterThan", "2026-01-31T08:00:00Z", null, false)]
    [InlineData("DateGreaterThanEquals", "2026-01-31T08:00:00Z", "2026-01-31T08:00:00Z", true)]
    [InlineData("DateGreaterThanEquals", "2026-01-31T08:00:00Z", "2026-01-31T07:59:00Z", false)]
    [InlineData("DateGreaterThanEquals", "2026-01-31T08:00:00Z", null, false)]
    public void Dates_are_compared(string operation, string values, string? tag, bool holds) => Compares(operation, values, tag, holds);

    [Theory]
    [InlineData("Bool", "true", "true", true), InlineData("Bool", "true", "false", false), InlineData("Bool", "false", "false", true), InlineData("Bool", "true|false", "false", true)]
    [InlineData("Bool", "true", "yes", false), InlineData("Bool", "false", "", false), InlineData("Bool", "true", "True", false), InlineData("Bool", "false", null, false)]
    [InlineData("IpAddress", "192.0.2.0/24", "192.0.2.255", true), InlineData("IpAddress", "192.0.2.0/24", "192.0.3.0", false)]
    [InlineData("IpAddress", "10.0.0.0/8|192.0.2.7", "192.0.2.7", true)]
    [InlineData("IpAddress", "192.0.2.0/24", "here", false), InlineData("IpAddress", "0.0.0.0/0", null, false), InlineData("IpAddress", "2001:db8::/32", "2001:db8:1::1", true)]
    [InlineData("NotIpAddress", "192.0.2.0/24", "192.0.2.255", false), InlineData("NotIpAddress", "192.0.2.0/24", "192.0.3.0", true)]
    [InlineData("NotIpAddress", "10.0.0.0/8|192.0.2.7", "192.0.2.7", false), InlineData("NotIpAddress", "10.0.0.0/8|192.0.2.7", "192.0.2.8", true)]
    [InlineData("NotIpAddress", "192.0.2.0/24", "here", true), InlineData("NotIpAddress", "0.0.0.0/0", null, true)]
    public void Booleans_and_addresses_are_compared(string operation, string values, string? tag, bool holds) => Compares(operation, values, tag, holds);

    [Theory]
    [InlineData("192.0.2.0/24", "192.0.2.9", true), InlineData("192.0.2.0/24", "192.0.3.9", false), InlineData("192.0.2.9", "::ffff:192.0.2.9", true)]
    [InlineData("::ffff:192.0.2.0/120", "192.0.2.9", true), InlineData("2001:db8::/33", "2001:db8:7fff::", true), InlineData("2001:db8::/33", "2001:db8:8000::", false)]
    [InlineData("0.0.0.0/0", "192.0.2.9", true), InlineData("0.0.0.0/0", "::1", false), InlineData("::/0", "::1", true), InlineData("::/0", "192.0.2.9", false)]
    [InlineData("::/95", "192.0.2.9", false)]
    [InlineData("192.0.2.77/24", "192.0.2.9", true), InlineData("192.0.2.9/32", "192.0.2.9", true), InlineData("192.0.2.8/32", "192.0.2.9", false)]
    public void The_callers_address_is_compared_with_ranges_of_its_own_family(string range, string address, bool isIn)
    {
        var request = Asking.Encrypt with { SourceAddress = SourceAddress.Parse(address) };
        Assert.Equal(isIn, Asking.Holds($$$"""{"IpAddress":{"acs:SourceIp":"{{{range}}}"}}""", request));
        Assert.Equal(!isIn, Asking.Holds($$$"""{"NotIpAddress":{"acs:SourceIp":"{{{range}}}"}}""", request));
    }

    [Theory]
    [InlineData("IpAddress", false), InlineData("NotIpAddress", true)]
    public void Without_an_address_only_the_negation_holds(string operation, bool holds) =>
        Assert.Equal(holds, Asking.Holds($$$"""{"{{{operation}}}":{"acs:SourceIp":["0.0.0.0/0","::/0"]}}""", Asking.Encrypt));

    // The clock stands at noon of the first of March 2026.
    [Theory]
    [InlineData("DateLessThan", "2026-03-01T12:00:01Z", true), InlineData("DateLessThan", "2026-03-01T12:00:00Z", false)]
    [InlineData("DateGreaterThan", "2026-03-01T19:59:59+08:00", true)]
    [InlineData("DateEquals", "2026-03-01T20:00:00+08:00", true), InlineData("DateNotEquals", "2026-03-01T12:00:00Z", false)]
    public void The_clock_is_compared(string operation, string value, bool holds) =>
        Assert.Equal(holds, Asking.Holds($$$"""{"{{{operation}}}":{"acs:CurrentTime":"{{{value}}}"}}""", Asking.Encrypt));

    [Theory]
    [InlineData("""{"Bool":{"acs:SecureTransport":"true"}}""", true, false)]
    [InlineData("""{"Bool":{"acs:SecureTransport":"false"}}""", false, true)]
    [InlineData("""{"StringEquals":{"acs:SecureTransport":"true"}}""", true, false)]
    [InlineData("""{"NumericNotEquals":{"acs:SecureTransport":"1"}}""", true, true)]
    [InlineData("""{"Bool":{"acs:MFAPresent":"true"}}""", false, false)]
    [InlineData("""{"Bool":{"acs:MFAPresent":"false"}}""", true, true)]
    public void Tls_is_seen_and_a_second_factor_never_is(string condition, bool overTls, bool without)
    {
        Assert.Equal(overTls, Asking.Holds(condition, Asking.Encrypt with { SecureTransport = true }));
        Assert.Equal(without, Asking.Holds(condition, Asking.Encrypt));
    }

    [Theory]
    [InlineData("acs:PrincipalARN", Asking.Alice), InlineData("acs:ResourceTag/Project", "resource"), InlineData("kms:tag/Project", "resource")]
    [InlineData("acs:RequestTag/Project", "request")]
    [InlineData("kms:EncryptionAlgorithm", "SYMMETRIC_DEFAULT"), InlineData("kms:EncryptionContext:order", "42"), InlineData("kms:EncryptionContext:a:b/c", "43")]
    [InlineData("sts:ExternalId", "outside")]
    [InlineData("ACS:PRINCIPALARN", Asking.Alice), InlineData("KMS:TAG/Project", "resource"), InlineData("kms:encryptioncontext:order", "42"), InlineData("STS:externalid", "outside")]
    [InlineData("kms:tag/project", null), InlineData("kms:EncryptionContext:Order", null), InlineData("acs:RequestTag/Owner", null)]
    [InlineData("acs:SourceVpc", null), InlineData("acs:VpcSourceIp", null), InlineData("oss:Prefix", null), InlineData("ecs:tag/Project", null)]
    public void A_key_is_found_without_regard_to_case_but_the_entry_it_names_is_not(string key, string? value)
    {
        var request = Asking.Request("kms:Encrypt", Asking.Key, new("Owner", "me"), new("Project", "resource")) with
        {
            RequestTags = [new("Project", "request")],
            EncryptionAlgorithm = "SYMMETRIC_DEFAULT",
            EncryptionContext = EncryptionContext.Of([new("order", "42"), new("a:b/c", "43")]),
            ExternalId = "outside",
        };
        Assert.Equal(value is not null, Asking.Holds($$$"""{"StringEquals":{"{{{key}}}":"{{{value}}}"}}""", request));
        Assert.Equal(value is null, Asking.Holds($$$"""{"StringNotLike":{"{{{key}}}":"*"}}""", request));
    }

    // Nothing is not the empty text: an absent external id must not meet a condition that lists it.
    [Theory]
    [InlineData("acs:PrincipalARN"), InlineData("acs:ResourceTag/x"), InlineData("acs:RequestTag/x"), InlineData("kms:EncryptionAlgorithm"), InlineData("kms:EncryptionContext:x")]
    [InlineData("sts:ExternalId")]
    public void What_is_null_or_empty_is_absent(string key)
    {
        var none = Asking.Encrypt with { PrincipalArn = null!, ResourceTags = null };
        var empty = Asking.Encrypt with { PrincipalArn = "", RequestTags = [], EncryptionAlgorithm = "", EncryptionContext = EncryptionContext.Empty, ExternalId = "" };
        foreach (var request in new[] { none, empty })
        {
            Assert.False(Asking.Holds($$$"""{"StringEquals":{"{{{key}}}":""}}""", request));
            Assert.True(Asking.Holds($$$"""{"StringNotEquals":{"{{{key}}}":""}}""", request));
        }
    }

    [Theory]
    [InlineData("a", "b", true), InlineData("a", "x", false), InlineData("x", "b", false)]
    public void All_keys_and_all_operators_must_hold(string first, string second, bool holds)
    {
        var request = Asking.Request("kms:Encrypt", Asking.Key, new("one", first), new("two", second));
        Assert.Equal(holds, Asking.Holds("""{"StringEquals":{"kms:tag/one":["a","A"],"kms:tag/two":["B","b"]}}""", request));
        Assert.Equal(holds, Asking.Holds("""{"StringEquals":{"kms:tag/one":"a"},"StringLike":{"kms:tag/two":"b*"}}""", request));
    }

    private static void Compares(string operation, string values, string? tag, bool holds)
    {
        var list = string.Join(',', values.Split('|').Select(value => $"\"{value}\""));
        Tag[] tags = tag is null ? [new("other", "Apollo")] : [new("other", "x"), new("value", tag)];
        Assert.Equal(holds, Asking.Holds($$$"""{"{{{operation}}}":{"kms:tag/value":[{{{list}}}]}}""", Asking.Request("kms:Encrypt", Asking.Key, tags)));
    }
}
