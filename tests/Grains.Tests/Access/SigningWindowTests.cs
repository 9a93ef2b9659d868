using Orleans.Kms.Grains.Access;

namespace Orleans.Kms.Grains.Tests.Access;

public sealed class SigningWindowTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, true)]
    [InlineData(-900, true)]
    [InlineData(-901, false)]
    [InlineData(900, true)]
    [InlineData(901, false)]
    public void Fifteen_minutes_to_either_side(int seconds, bool accepted) => Assert.Equal(accepted, SigningWindow.Accepts(Now.AddSeconds(seconds), Now));
}
