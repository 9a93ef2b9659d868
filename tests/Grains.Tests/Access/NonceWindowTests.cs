using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Trail;

namespace Orleans.Kms.Grains.Tests.Access;

public sealed class NonceWindowTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 3, 20, TimeSpan.Zero);

    private static UInt128 Hash(string nonce) => UsedNonce.HashOf("LTAI", nonce);

    [Fact]
    public void A_used_nonce_is_used_whatever_time_its_repetition_claims()
    {
        var window = new NonceWindow();
        Assert.Equal(NonceVerdict.Fresh, window.Use(Hash("n"), SigningWindow.End(Start), Start));
        Assert.Equal(NonceVerdict.Used, window.Use(Hash("n"), SigningWindow.End(Start), Start));
        Assert.Equal(NonceVerdict.Used, window.Use(Hash("n"), SigningWindow.End(Start.AddMinutes(15)), Start.AddMinutes(5)));
        Assert.Equal(NonceVerdict.Fresh, window.Use(Hash("N"), SigningWindow.End(Start), Start));
    }

    // For every minute of the window: remembered until the request that carried it is out of the time window.
    [Fact]
    public void A_nonce_is_remembered_as_long_as_its_request_could_be_accepted()
    {
        for (var offset = -15; offset <= 15; offset++)
        {
            var window = new NonceWindow();
            var timestamp = Start.AddMinutes(offset);
            window.Use(Hash("n"), SigningWindow.End(timestamp), Start);
            for (var now = Start; SigningWindow.Accepts(timestamp, now); now = now.AddMinutes(1))
            {
                Assert.Equal(NonceVerdict.Used, window.Use(Hash("n"), SigningWindow.End(timestamp), now));
            }
        }
    }

    [Fact]
    public void Room_comes_back_when_nonces_expire()
    {
        var window = new NonceWindow(capacity: 2);
        window.Use(Hash("a"), SigningWindow.End(Start), Start);
        window.Use(Hash("b"), SigningWindow.End(Start), Start);
        Assert.Equal(NonceVerdict.Full, window.Use(Hash("c"), SigningWindow.End(Start), Start));
        Assert.Equal(NonceVerdict.Used, window.Use(Hash("a"), SigningWindow.End(Start), Start));

        var later = Start.AddMinutes(21);
        Assert.Equal(NonceVerdict.Fresh, window.Use(Hash("c"), SigningWindow.End(later), later));
    }

    // By minutes and by hours; then it passes over the same times again.
    [Fact]
    public void A_clock_that_is_put_back_makes_it_neither_forget_nor_refuse()
    {
        var window = new NonceWindow();
        for (var back = 0; back <= 120; back += 5)
        {
            var now = Start.AddMinutes(-back);
            for (var offset = -15; offset <= 15; offset += 5) Assert.Equal(NonceVerdict.Fresh, window.Use(Hash($"{back}/{offset}"), SigningWindow.End(now.AddMinutes(offset)), now));
        }
        for (var now = Start.AddMinutes(-120); now <= Start; now = now.AddMinutes(5))
        {
            var back = (int)(Start - now).TotalMinutes;
            for (var offset = -15; offset <= 15; offset += 5) Assert.Equal(NonceVerdict.Used, window.Use(Hash($"{back}/{offset}"), SigningWindow.End(now.AddMinutes(offset)), now));
        }
    }

    [Fact]
    public void Memory_holds_over_days_of_steady_use()
    {
        var window = new NonceWindow(capacity: 2000);
        for (var second = 0; second < 2 * 86400; second++)
        {
            var now = Start.AddSeconds(second);
            Assert.Equal(NonceVerdict.Fresh, window.Use(Hash($"n{second}"), SigningWindow.End(now), now));
        }
    }
}
