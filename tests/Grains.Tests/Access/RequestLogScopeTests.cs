using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using Orleans.Kms.Access;
using Orleans.Kms.Grains.Access;

namespace Orleans.Kms.Grains.Tests.Access;

public sealed class RequestLogScopeTests
{
    private const string RequestId = "01A21A40-75A0-7A57-8114-607517F4EBE6";

    private readonly CallerTokenSeal _seal = new(new(RandomNumberGenerator.GetBytes(32)), new FakeTimeProvider());

    // As it is in the silo that sealed it, and as it comes from another one.
    [Theory, InlineData(true), InlineData(false)]
    public void A_line_tells_the_request_that_the_callers_token_was_made_for(bool isFromHere)
    {
        var token = Token(RequestId);
        (isFromHere ? token : new CallerToken(token.Sealed)).Attach();
        Assert.Equal([$"RequestId {RequestId}"], Scopes());
        RequestContext.Clear();
        Assert.Empty(Scopes());
    }

    // Whoever makes up a token has it refused, but the line about that should have nothing of his.
    [Theory]
    [InlineData("id")]
    [InlineData("")]
    [InlineData("01A21A40-75A0-7A57-8114-607517F4EBE6\ninfo: all is well")]
    public void What_is_no_id_of_a_request_is_left_out(string requestId)
    {
        new CallerToken(Token(requestId).Sealed).Attach();
        Assert.Empty(Scopes());
    }

    [Fact]
    public void A_token_that_is_cut_or_filled_with_anything_does_no_harm()
    {
        var whole = Token(RequestId).Sealed;
        for (var length = 0; length < whole.Length; length++) Assert.True(CallerTokenSeal.RequestIdOf(new(whole[..length])) is null or RequestId);
        for (var i = 0; i < 1000; i++) Assert.Null(CallerTokenSeal.RequestIdOf(new(RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(300)))));
        Assert.Null(CallerTokenSeal.RequestIdOf(new(null!)));
    }

    private CallerToken Token(string requestId) => _seal.Seal("1000000000000001", "LTAI0000000000000000", "200000000000000001", null, new(requestId, "192.0.2.1", "agent", "host", true));

    private static List<string?> Scopes()
    {
        var scopes = new List<string?>();
        new RequestLogScope().ForEachScope((scope, list) => list.Add(scope?.ToString()), scopes);
        return scopes;
    }
}
