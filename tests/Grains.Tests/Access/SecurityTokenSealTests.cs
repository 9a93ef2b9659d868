using System.Text;
using Orleans.Kms.Access;
using Orleans.Kms.Grains.Access;

namespace Orleans.Kms.Grains.Tests.Access;

public sealed class SecurityTokenSealTests
{
    private static readonly DateTimeOffset End = new(2026, 3, 1, 13, 0, 0, TimeSpan.Zero);
    private readonly SecurityTokenSeal _seal = new(new ClusterSecret([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));

    [Fact]
    public void What_was_sealed_is_opened()
    {
        Assert.True(_seal.TryOpen(Token(), out var session));
        Assert.Equal("STS.abc", session.AccessKeyId);
        Assert.Equal("secret", Encoding.ASCII.GetString(session.Secret));
        Assert.Equal("1000000000000001", session.AccountId);
        Assert.Equal(new RoleSession("300000000000000001", "s", "{}"), session.Role);
        Assert.Equal(End, session.ExpiresAt);
    }

    [Fact]
    public void It_looks_as_those_of_the_original_and_never_repeats_itself()
    {
        Assert.StartsWith("CAIS", Token(), StringComparison.Ordinal);
        Assert.NotEqual(Token(), Token());
    }

    [Fact]
    public void No_bit_can_be_changed()
    {
        var bytes = Convert.FromBase64String(Token());
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var changed = (byte[])bytes.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(_seal.TryOpen(Convert.ToBase64String(changed), out _));
        }
    }

    [Fact]
    public void No_part_of_it_and_nothing_longer_is_a_token()
    {
        var bytes = Convert.FromBase64String(Token());
        for (var length = 0; length < bytes.Length; length++) Assert.False(_seal.TryOpen(Convert.ToBase64String(bytes[..length]), out _));
        Assert.False(_seal.TryOpen(Convert.ToBase64String([.. bytes, 0]), out _));
        foreach (var text in new[] { "", "no Base64", "CAIS", "é", Token() + "=" }) Assert.False(_seal.TryOpen(text, out _));
    }

    [Fact]
    public void Another_cluster_cannot_make_one() => Assert.False(_seal.TryOpen(new SecurityTokenSeal(new ClusterSecret(new byte[32])).Seal(Session("{}")), out _));

    [Theory, InlineData("策"), InlineData("\""), InlineData("<")]
    public void The_longest_session_policy_fits(string letter)
    {
        var token = _seal.Seal(Session(string.Concat(Enumerable.Repeat(letter, 2048))));
        Assert.InRange(token.Length, 1, SignedRequest.MaxSecurityTokenLength);
        Assert.True(_seal.TryOpen(token, out _));
    }

    private string Token() => _seal.Seal(Session("{}"));

    private static TemporarySession Session(string policy) => new("STS.abc", Encoding.ASCII.GetBytes("secret"), "1000000000000001", new("300000000000000001", "s", policy), End);
}
