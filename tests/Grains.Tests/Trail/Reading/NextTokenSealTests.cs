using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Grains.Trail.Reading;

namespace Orleans.Kms.Grains.Tests.Trail.Reading;

public sealed class NextTokenSealTests
{
    private static readonly Lookup Query = new("1000000000000001", false, [(TrailField.User, "alice"), (TrailField.EventName, "Encrypt")], 20);
    private static readonly LookupWindow Window = new(DateTimeOffset.FromUnixTimeSeconds(1000), DateTimeOffset.FromUnixTimeSeconds(2000));
    private static readonly TrailCursor Cursor = new(DateTimeOffset.FromUnixTimeMilliseconds(1_500_123), 7, 1L << 40, -1);

    private readonly NextTokenSeal _seal = new(new ClusterSecret(new byte[32]));

    [Fact]
    public void A_token_holds_window_and_place() => Assert.Equal((Window, Cursor), _seal.Open(Query with { Max = 50 }, _seal.Seal(Query, Window, Cursor)));

    [Fact]
    public void A_token_tells_nothing_and_is_never_the_same_again() => Assert.NotEqual(_seal.Seal(Query, Window, Cursor), _seal.Seal(Query, Window, Cursor));

    [Fact]
    public void Any_changed_letter_is_noticed()
    {
        var token = _seal.Seal(Query, Window, Cursor);
        for (var i = 0; i < token.Length; i++) AssertRefused(Query, string.Concat(token.AsSpan(0, i), token[i] == 'A' ? "B" : "A", token.AsSpan(i + 1)));
    }

    [Theory, InlineData(""), InlineData("A"), InlineData("not a token"), InlineData("=")]
    public void What_is_no_token_is_refused(string text) => AssertRefused(Query, text);

    [Fact]
    public void Too_short_or_too_long_is_refused()
    {
        var token = _seal.Seal(Query, Window, Cursor);
        AssertRefused(Query, token[..^4]);
        AssertRefused(Query, token + "AAAA");
        AssertRefused(Query, token + "=");
        AssertRefused(Query, new('A', 1 << 20));
    }

    [Fact]
    public void A_token_is_good_for_its_own_query_only()
    {
        var token = _seal.Seal(Query, Window, Cursor);
        AssertRefused(Query with { AccountId = "1000000000000002" }, token);
        AssertRefused(Query with { IsForward = true }, token);
        AssertRefused(Query with { Filters = [] }, token);
        AssertRefused(Query with { Filters = [(TrailField.User, "alice")] }, token);
        AssertRefused(Query with { Filters = [(TrailField.EventName, "Encrypt"), (TrailField.User, "alice")] }, token);
        AssertRefused(Query with { Filters = [(TrailField.User, "alice 1 7 Encrypt")] }, token);
        Assert.Throws<KmsException>(() => new NextTokenSeal(new ClusterSecret([.. Enumerable.Repeat((byte)1, 32)])).Open(Query, token));
    }

    private void AssertRefused(Lookup query, string token) => Assert.Equal("InvalidParameter.NextToken", Assert.Throws<KmsException>(() => _seal.Open(query, token)).ApiCode);
}
