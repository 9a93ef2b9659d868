using System.Reflection;
using Orleans.Kms.Access;
using Orleans.Kms.Grains.Quotas;

namespace Orleans.Kms.Grains.Tests.Quotas;

/// <summary>The limits on calls in a second, as functions of numbers and time.</summary>
public sealed class RateTests
{
    [Theory]
    [InlineData(3, 0, 3)]
    [InlineData(3, 0.3, 3)]
    [InlineData(3, 0.34, 4)]
    [InlineData(3, 1, 6)]
    [InlineData(3, 3600, 6)]
    [InlineData(0.5, 0, 1)]
    [InlineData(0.5, 1.9, 1)]
    [InlineData(0.5, 2.1, 2)]
    public void What_a_second_gives_may_be_used_at_once_and_comes_back_at_an_even_pace(double perSecond, double secondsLater, int expected)
    {
        var budget = new RateBudget(perSecond);
        Assert.Equal(expected, Taken(budget, TimeSpan.Zero) + Taken(budget, TimeSpan.FromSeconds(secondsLater)));
    }

    [Theory, InlineData(2, 2), InlineData(5, 5), InlineData(0.1, 1)]
    public void A_lower_number_cuts_what_was_saved_up_and_a_higher_one_gives_nothing_at_once(double then, int expected)
    {
        var budget = new RateBudget(5) { PerSecond = then };
        Assert.Equal(expected, Taken(budget, TimeSpan.FromSeconds(1)));
        budget.PerSecond = 100;
        Assert.Equal(0, Taken(budget, TimeSpan.FromSeconds(1)));
    }

    [Theory]
    [InlineData(100, 0, 0, 100)]
    [InlineData(100, 500, 0, 100)]
    [InlineData(100, 10, 20, 80)]
    [InlineData(100, 50, 50, 50)]
    [InlineData(100, 300, 100, 75)]
    [InlineData(100, 100, 300, 25)]
    [InlineData(100, 0, 99, 1)]
    [InlineData(100, 0, 399, 0.25)]
    public void A_silo_gives_out_what_the_others_leave_and_at_least_its_part(double limit, double own, double others, double expected) => Assert.Equal(expected, RateShare.Of(limit, own, others), 6);

    [Theory]
    [InlineData(100, new double[] { 1, 30, 60 })]
    [InlineData(100, new double[] { 50, 60 })]
    [InlineData(100, new double[] { 1000, 1, 1 })]
    [InlineData(7, new double[] { 3, 3, 3, 3, 3 })]
    public void Nobody_is_refused_below_the_limit_and_above_it_the_shares_add_up_to_it(double limit, double[] demands)
    {
        var shares = demands.Select(own => RateShare.Of(limit, own, demands.Sum() - own)).ToArray();
        if (demands.Sum() <= limit) Assert.All(shares.Zip(demands), silo => Assert.True(silo.First >= silo.Second));
        else Assert.Equal(limit, shares.Sum(), 6);
    }

    [Fact]
    public void A_share_follows_what_others_are_asked_for_and_forgets_those_that_say_nothing()
    {
        var limit = new RateLimit(10);
        var other = SiloAddress.New(new(System.Net.IPAddress.Loopback, 1), 1);
        Assert.Equal(10, Taken(limit, At(0)));
        limit.Hear(other, 33, At(1));
        Assert.Equal(11, limit.Settle(At(1), At(1)));
        Assert.Equal(2, Taken(limit, At(2)));
        Assert.Equal(3, limit.Settle(At(1), At(4)));
        Assert.InRange(Taken(limit, At(5)), 1, 2);
        limit.Settle(At(1), At(5));
        Assert.Equal(10, Taken(limit, At(6)));
    }

    [Fact]
    public void An_accounts_own_number_wins_over_the_common_one_and_that_over_the_preset()
    {
        var options = new QuotaOptions { Preset = QuotaPreset.AlibabaCloud, ReadsPerSecond = 7, Accounts = { ["1"] = new() { CreateKeyPerSecond = 3 } } };
        Assert.Equal([3, 1000, 200, 750, 300, 7, 30], Numbers(options, "1"));
        Assert.Equal([10, 1000, 200, 750, 300, 7, 30], Numbers(options, "2"));
        Assert.Equal([10, 1000, 200, 750, 300, 50, 30], Numbers(new() { Preset = QuotaPreset.AlibabaCloud }, "1"));
        Assert.Equal(new int?[RateClasses.Count], Numbers(new(), "1"));
    }

    [Fact]
    public void Without_a_preset_and_numbers_nothing_is_counted()
    {
        Assert.False(RateQuota.HasAny(new()));
        Assert.False(RateQuota.HasAny(new() { Keys = 1, Accounts = { ["1"] = new() { Keys = 1 } } }));
        Assert.True(RateQuota.HasAny(new() { Preset = QuotaPreset.AlibabaCloud }));
        Assert.True(RateQuota.HasAny(new() { WritesPerSecond = 1 }));
        Assert.True(RateQuota.HasAny(new() { Accounts = { ["1"] = new() { SymmetricCallsPerSecond = 1 } } }));
    }

    [Fact]
    public void Every_action_of_KMS_has_a_class_and_the_other_services_have_none()
    {
        var classes = typeof(ActionAttribute).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .Select(method => method.GetCustomAttribute<ActionAttribute>()).OfType<ActionAttribute>().DistinctBy(action => action.RamName)
            .ToDictionary(action => action.RamName, RateClasses.Of);
        Assert.Equal(
            [(RateClass.CreateKey, 1), (RateClass.Symmetric, 6), (RateClass.Asymmetric, 4), (RateClass.ReEncrypt, 1), (RateClass.ListResourceTags, 1)],
            classes.Values.OfType<RateClass>().Where(@class => @class is not (RateClass.Read or RateClass.Write)).CountBy(@class => @class).OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)));
        Assert.All(classes, pair => Assert.Equal(pair.Key.StartsWith("kms:", StringComparison.Ordinal), pair.Value is not null));
        Assert.Equal((RateClass.Read, RateClass.Write), (classes["kms:DescribeKey"], classes["kms:DisableKey"]));
    }

    private static IEnumerable<int?> Numbers(QuotaOptions options, string accountId) => Enum.GetValues<RateClass>().Select(@class => RateQuota.Of(options, accountId, @class));

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static int Taken(RateBudget budget, TimeSpan now) => Taken(() => budget.TryTake(now));

    private static int Taken(RateLimit limit, TimeSpan now) => Taken(() => limit.TryTake(now));

    private static int Taken(Func<bool> take)
    {
        var taken = 0;
        while (take()) taken++;
        return taken;
    }
}
