using Microsoft.Extensions.Time.Testing;
using Orleans.Kms.Access;
using Orleans.Kms.Grains.Access;

namespace Orleans.Kms.Grains.Tests.Access;

public sealed class CallerTokenSealTests
{
    private static readonly RequestFacts Facts = new("7A1D9C02-53B4-4E6F-9D10-2B8C4F60E311", "192.0.2.17", "agent/1 é", "kms.example.com:8080", true);
    private readonly FakeTimeProvider _clock = new(new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly CallerTokenSeal _seal;

    public CallerTokenSealTests() => _seal = new(new ClusterSecret([.. Enumerable.Range(0, 32).Select(i => (byte)i)]), _clock);

    [Theory, InlineData(false), InlineData(true)]
    public void What_was_sealed_is_opened(bool travelled)
    {
        foreach (var (userId, session) in new (string?, RoleSession?)[]
        {
            (null, null), ("200000000000000001", null), (null, new("300000000000000001", "nightly@host", null)), (null, new("300000000000000001", "s", new string('策', 2048))),
        })
        {
            var token = _seal.Seal("1000000000000001", "LTAIexample", userId, session, Facts);
            Assert.True(_seal.TryOpen(travelled ? new(token.Sealed) : token, out var caller));
            Assert.Equal(new Caller("1000000000000001", "LTAIexample", userId, session, _clock.GetUtcNow().AddMinutes(2), Facts), caller);
            Assert.Equal(userId is null && session is null, caller.IsRoot);
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public void It_ends_after_two_minutes(bool travelled)
    {
        var token = Token(travelled);
        _clock.Advance(CallerToken.Lifetime - TimeSpan.FromMilliseconds(1));
        Assert.True(_seal.TryOpen(token, out _));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(_seal.TryOpen(token, out _));
    }

    [Fact]
    public void No_bit_can_be_changed()
    {
        var bytes = Token().Sealed;
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var changed = (byte[])bytes.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(_seal.TryOpen(new(changed), out _));
        }
    }

    [Fact]
    public void No_part_of_it_and_nothing_longer_is_a_token()
    {
        var bytes = Token().Sealed;
        for (var length = 0; length < bytes.Length; length++) Assert.False(_seal.TryOpen(new(bytes[..length]), out _));
        Assert.False(_seal.TryOpen(new([.. bytes, 0]), out _));
        Assert.False(_seal.TryOpen(new(new byte[100_000]), out _));
        Assert.False(_seal.TryOpen(null, out _));
    }

    [Fact]
    public void Another_cluster_cannot_make_one() =>
        Assert.False(_seal.TryOpen(new CallerTokenSeal(new ClusterSecret(new byte[32]), _clock).Seal("1000000000000001", "k", null, null, Facts), out _));

    /// <summary>A token, either the object itself or as another process sees it.</summary>
    private CallerToken Token(bool travelled = true)
    {
        var token = _seal.Seal("1000000000000001", "LTAIexample", "200000000000000001", new("300000000000000001", "session", "{}"), Facts);
        return travelled ? new(token.Sealed) : token;
    }
}
