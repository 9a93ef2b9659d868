using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Tests.Hsm;

public sealed class LaneLimitsTests
{
    // Tokens, seconds of CallTimeout, seconds that one token is waited for.
    [Theory, InlineData(0, 5, 5), InlineData(0, 12, 12), InlineData(2, 5, 5), InlineData(2, 12, 6), InlineData(3, 5, 4), InlineData(4, 1, 1)]
    public void All_tokens_together_take_less_than_the_silo_waits(int tokens, int timeout, int wait)
    {
        var limits = LaneLimits.Of(Options(tokens, timeout));
        Assert.Equal(TimeSpan.FromSeconds(wait), limits.Wait);
        Assert.True(limits.Wait * Math.Max(1, tokens) < TimeSpan.FromSeconds(15));
        Assert.True(limits.Total < TimeSpan.FromSeconds(15));
    }

    [Theory, InlineData(0, 20), InlineData(1, 20), InlineData(2, 10), InlineData(4, 5)]
    public void A_pair_is_waited_for_less_than_forty_seconds(int tokens, int wait)
    {
        var limits = LaneLimits.OfPairs(Options(tokens, timeout: 5));
        Assert.Equal(TimeSpan.FromSeconds(wait), limits.Wait);
        Assert.True(limits.Longest < TimeSpan.FromSeconds(40) && limits.Total < TimeSpan.FromSeconds(40));
    }

    // Seconds that are left of 20 until a pair has begun and 15 more.
    [Theory, InlineData(40, 20, 15), InlineData(35, 20, 15), InlineData(30, 20, 10), InlineData(20, 20, 0), InlineData(3, 3, 0)]
    public void A_caller_who_was_elsewhere_has_only_the_time_that_is_left(int left, int wait, int more)
    {
        var limits = LaneLimits.OfPairs(new()).Within(TimeSpan.FromSeconds(left));
        Assert.Equal((TimeSpan.FromSeconds(wait), TimeSpan.FromSeconds(more)), (limits.Wait, limits.More));
    }

    private static HsmOptions Options(int tokens, int timeout)
    {
        var options = new HsmOptions { CallTimeout = TimeSpan.FromSeconds(timeout) };
        for (var i = 0; i < tokens; i++) options.Tokens.Add(new());
        return options;
    }
}
