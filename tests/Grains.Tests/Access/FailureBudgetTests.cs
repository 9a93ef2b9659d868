using Orleans.Kms.Grains.Access;

namespace Orleans.Kms.Grains.Tests.Access;

public sealed class FailureBudgetTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void As_many_as_a_minute_has_may_come_at_once()
    {
        var budget = new FailureBudget(3);
        Assert.True(budget.IsWhole(Start));
        Assert.False(budget.Spend(Start));
        Assert.False(budget.Spend(Start));
        Assert.False(budget.IsSpent(Start));
        Assert.True(budget.Spend(Start));
        Assert.True(budget.IsSpent(Start));
        Assert.False(budget.Spend(Start));
    }

    [Theory]
    [InlineData(19.9, true)]
    [InlineData(20.1, false)]
    [InlineData(3600, false)]
    [InlineData(-3600, true)]
    public void They_come_back_at_an_even_pace(double secondsLater, bool isSpent)
    {
        var budget = Spent(3);
        Assert.Equal(isSpent, budget.IsSpent(Start.AddSeconds(secondsLater)));
    }

    [Theory, InlineData(59, false), InlineData(61, true)]
    public void After_a_minute_nothing_is_left_of_them(double secondsLater, bool isWhole) => Assert.Equal(isWhole, Spent(3).IsWhole(Start.AddSeconds(secondsLater)));

    [Fact]
    public void However_long_it_was_quiet_there_are_no_more_than_a_minute_has()
    {
        var budget = Spent(2);
        var later = Start.AddDays(1);
        budget.Spend(later);
        Assert.True(budget.Spend(later));
    }

    [Theory, InlineData(19.9, true), InlineData(20.1, false)]
    public void A_clock_that_is_put_back_holds_nobody_up_longer(double secondsLater, bool isSpent)
    {
        var (budget, putBack) = (Spent(3), Start.AddHours(-1));
        Assert.True(budget.IsSpent(putBack));
        Assert.Equal(isSpent, budget.IsSpent(putBack.AddSeconds(secondsLater)));
    }

    private static FailureBudget Spent(int perMinute)
    {
        var budget = new FailureBudget(perMinute);
        for (var i = 0; i < perMinute; i++) budget.Spend(Start);
        return budget;
    }
}
