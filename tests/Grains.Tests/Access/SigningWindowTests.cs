using Orleans.Kms.Grains.Access;

namespace Orleans.Kms.Grains.Tests.Access;

public sealed class SigningWindowTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset LongAgo = Now.AddDays(-1);

    [Theory]
    [InlineData(0, true)]
    [InlineData(-900, true)]
    [InlineData(-901, false)]
    [InlineData(900, true)]
    [InlineData(901, false)]
    public void Fifteen_minutes_to_either_side(int seconds, bool accepted) => Assert.Equal(accepted, SigningWindow.Accepts(Now.AddSeconds(seconds), Now, LongAgo));

    [Theory]
    [InlineData(-60, false)]
    [InlineData(-1, false)]
    [InlineData(-0.3, false)]
    [InlineData(0, true)]
    public void Nothing_from_before_memory_began(double seconds, bool accepted)
    {
        var memorySince = Now;
        Assert.Equal(accepted, SigningWindow.Accepts(Now.AddSeconds(seconds), Now.AddSeconds(2), memorySince));
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void What_is_dated_ahead_could_pass_after_a_restart(int seconds, bool outlives) =>
        Assert.Equal(outlives, SigningWindow.OutlivesMemory(Now.AddSeconds(seconds), Now));
}
