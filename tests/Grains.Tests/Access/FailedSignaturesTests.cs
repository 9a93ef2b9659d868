using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;

namespace Orleans.Kms.Grains.Tests.Access;

public sealed class FailedSignaturesTests
{
    private const int PerSource = 3;
    private const int PerKey = 5;
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly FailedSources _sources;
    private readonly FailedSignatures _key;

    public FailedSignaturesTests()
    {
        var options = new KmsOptions();
        options.Authentication.FailuresPerSource = PerSource;
        _sources = new(Options.Create(options), NullLogger<FailedSources>.Instance);
        _key = new(_sources, PerKey);
    }

    [Fact]
    public void A_source_is_refused_after_its_failures_with_all_keys_together()
    {
        var other = new FailedSignatures(_sources, PerKey);
        Fail(_key, "192.0.2.1", 2);
        Fail(other, "192.0.2.1", 1);
        Assert.True(IsRefused(_key, "192.0.2.1"));
        Assert.True(IsRefused(other, "192.0.2.1"));
        Assert.False(IsRefused(_key, "192.0.2.2"));
        Assert.False(IsRefused(_key, "192.0.2.1", Now.AddMinutes(1)));
    }

    [Fact]
    public void A_key_is_refused_after_the_failures_of_all_sources_together()
    {
        for (var i = 1; i <= PerKey; i++) Fail(_key, $"192.0.2.{i}", 1);
        Assert.True(IsRefused(_key, "192.0.2.99"));
        Assert.False(IsRefused(new(_sources, PerKey), "192.0.2.99"));
        Assert.False(IsRefused(_key, "192.0.2.99", Now.AddMinutes(1)));
    }

    [Fact]
    public void Nobody_locks_a_source_out_that_signed_rightly_before()
    {
        _key.Know("192.0.2.1");
        for (var i = 2; i <= 20; i++) Fail(_key, $"192.0.2.{i}", 1);
        Fail(new(_sources, PerKey), "192.0.2.1", PerSource);
        Assert.True(IsRefused(_key, "192.0.2.99"));
        Assert.False(IsRefused(_key, "192.0.2.1"));
    }

    [Fact]
    public void A_source_that_signed_rightly_before_has_a_limit_of_its_own()
    {
        _key.Know("192.0.2.1");
        Fail(_key, "192.0.2.1", PerKey - 1);
        Assert.False(IsRefused(_key, "192.0.2.1"));
        Fail(_key, "192.0.2.1", 1);
        _key.Know("192.0.2.1");
        Assert.True(IsRefused(_key, "192.0.2.1"));
        Assert.False(IsRefused(_key, "192.0.2.2"));
    }

    [Theory]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::1", true)]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:3::1", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    public void An_ipv6_network_of_64_bits_is_one_source(string failing, string asking, bool isRefused)
    {
        Fail(_key, failing, PerSource);
        Assert.Equal(isRefused, IsRefused(_key, asking));
    }

    private static void Fail(FailedSignatures key, string source, int times)
    {
        for (var i = 0; i < times; i++) key.Count(source, Now);
    }

    private static bool IsRefused(FailedSignatures key, string source, DateTimeOffset? at = null) =>
        Record.Exception(() => key.Check(source, at ?? Now)) is KmsException { Code: KmsErrorCode.UserThrottled };
}
