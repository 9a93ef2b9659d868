using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Kms.Access;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Tests.Access;

[Collection(TokenTests.Name)]
public sealed class AccessKeyGrainTests(TokenFixture token) : IAsyncLifetime
{
    private const string Id = "LTAI0000000000000000";
    private TestKms _kms = null!;
    private string _secret = "";

    public async Task InitializeAsync()
    {
        _kms = await TestKms.Start(token, token.NewFolder(), WithoutLimits);
        _secret = await _kms.IssueAccessKey(Id);
        RequestContext.Clear();
    }

    public async Task DisposeAsync() => await _kms.DisposeAsync();

    private static void WithoutLimits(ISiloBuilder silo) => silo.Services.Configure<KmsOptions>(options =>
    {
        options.Authentication.FailuresPerSource = 1_000_000;
        options.Authentication.FailuresPerAccessKey = 1_000_000;
    });

    [Theory, InlineData(SignatureMethod.HmacSha1), InlineData(SignatureMethod.HmacSha256), InlineData(SignatureMethod.Acs3HmacSha256)]
    public async Task A_good_signature_makes_the_caller_known(SignatureMethod method)
    {
        var caller = await Authenticate(Request(method: method));
        Assert.Equal(TestKms.Account, caller.AccountId);
        caller.Token.Attach();
        Assert.Equal(0, (await _kms.Directory().ListKeys(new(1, 10), Orleans.Kms.Listing.KeyFilter.All)).TotalCount);
    }

    [Theory, InlineData(SignatureMethod.HmacSha1), InlineData(SignatureMethod.HmacSha256), InlineData(SignatureMethod.Acs3HmacSha256)]
    public async Task Every_changed_bit_of_a_signature_is_refused(SignatureMethod method)
    {
        var good = Request(method: method);
        for (var bit = 0; bit < good.Signature.Length * 8; bit++)
        {
            var changed = (byte[])good.Signature.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            await AssertFails(KmsErrorCode.SignatureMismatch, good with { Signature = changed });
        }
        await AssertFails(KmsErrorCode.SignatureMismatch, good with { Signature = [] });
        await AssertFails(KmsErrorCode.SignatureMismatch, good with { Signature = [.. good.Signature, 0] });
        await AssertFails(KmsErrorCode.SignatureMismatch, good with { StringToSign = [.. good.StringToSign, 0] });
        await Authenticate(good);
    }

    [Fact]
    public async Task A_nonce_is_good_once_whatever_else_changes()
    {
        await Authenticate(Request("n"));
        await AssertFails(KmsErrorCode.NonceUsed, Request("n"));
        await AssertFails(KmsErrorCode.NonceUsed, Request("n", method: SignatureMethod.Acs3HmacSha256));
        await Authenticate(Request("N"));
        await AssertFails(KmsErrorCode.NonceUsed, Request(""));
        await AssertFails(KmsErrorCode.NonceUsed, Request(new string('n', 257)));
    }

    [Fact]
    public async Task Of_concurrent_requests_with_one_nonce_one_gets_in()
    {
        var request = Request("n");
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Record.ExceptionAsync(() => Authenticate(request))));
        Assert.Single(outcomes, error => error is null);
    }

    [Fact]
    public async Task A_replay_is_refused_until_its_time_is_over_and_after_that_for_its_time()
    {
        var request = Request("n");
        await Authenticate(request);
        _kms.Clock.Advance(TimeSpan.FromMinutes(15));
        await AssertFails(KmsErrorCode.NonceUsed, request);
        _kms.Clock.Advance(TimeSpan.FromSeconds(1));
        await AssertFails(KmsErrorCode.TimestampExpired, request);
    }

    // From the second of the clock on, before and after it.
    [Theory, InlineData(-60), InlineData(0), InlineData(1), InlineData(600), InlineData(900)]
    public async Task A_restart_does_not_let_a_request_in_twice_that_was_answered(int seconds)
    {
        var folder = token.NewFolder();
        SignedRequest request, other;
        await using (var first = await TestKms.Start(token, folder))
        {
            _secret = await first.IssueAccessKey(Id);
            first.Clock.Advance(TimeSpan.FromMinutes(2));
            request = Request("n", first) with { Timestamp = first.Clock.GetUtcNow().AddSeconds(seconds) };
            other = Request("m", first);
            RequestContext.Clear();
            (await first.Grains.GetGrain<IAccessKeyGrain>(Id).Authenticate(request)).Token.Attach();
            await first.Directory().ListKeys(new(1, 10), Kms.Listing.KeyFilter.All);
        }
        await using var second = await TestKms.Start(token, folder, atStart: clock => clock.Advance(TimeSpan.FromMinutes(3)));
        var error = await Assert.ThrowsAsync<KmsException>(async () => await second.Grains.GetGrain<IAccessKeyGrain>(Id).Authenticate(request));
        Assert.Equal(KmsErrorCode.NonceUsed, error.Code);
        // Signed before the restart, and never sent.
        await second.Grains.GetGrain<IAccessKeyGrain>(Id).Authenticate(other);
    }

    // Nothing is known of what an older version, or a database that was lost, has let in.
    [Fact]
    public async Task Requests_from_before_the_trail_began_are_refused()
    {
        var request = Request() with { Timestamp = _kms.Clock.GetUtcNow().AddMinutes(-1) };
        await AssertFails(KmsErrorCode.TimestampExpired, request);
        await Authenticate(Request());
    }

    [Fact]
    public async Task An_unknown_access_key_is_told_apart_from_a_wrong_secret()
    {
        var error = await Assert.ThrowsAsync<KmsException>(async () => await _kms.Grains.GetGrain<IAccessKeyGrain>("LTAInobody").Authenticate(Request()));
        Assert.Equal(KmsErrorCode.AccessKeyNotFound, error.Code);
    }

    [Fact]
    public async Task An_access_key_that_is_switched_off_lets_nobody_in()
    {
        await Authenticate(Request());
        await _kms.SwitchOff(Id);
        await AssertFails(KmsErrorCode.AccessKeyInactive, Request());
    }

    private async Task<Authentication> Authenticate(SignedRequest request) => await _kms.Grains.GetGrain<IAccessKeyGrain>(Id).Authenticate(request);

    private async Task AssertFails(KmsErrorCode expected, SignedRequest request) =>
        Assert.Equal(expected, (await Assert.ThrowsAsync<KmsException>(() => Authenticate(request))).Code);

    private SignedRequest Request(string? nonce = null, TestKms? kms = null, SignatureMethod method = SignatureMethod.HmacSha1)
    {
        var text = Encoding.UTF8.GetBytes("GET&%2F&Action%3DListKeys");
        var rpcKey = Encoding.ASCII.GetBytes(_secret + "&");
        var signature = method switch
        {
            SignatureMethod.HmacSha1 => Sha1(rpcKey, text),
            SignatureMethod.HmacSha256 => HMACSHA256.HashData(rpcKey, text),
            _ => HMACSHA256.HashData(Encoding.ASCII.GetBytes(_secret), text),
        };
        return new(method, text, signature, (kms ?? _kms).Clock.GetUtcNow(), nonce ?? Guid.NewGuid().ToString(), new("id", "127.0.0.1", "test", "localhost", false));
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5350", Justification = "The API's signature 1.0 is HMAC-SHA1.")]
    private static byte[] Sha1(byte[] key, byte[] text) => HMACSHA1.HashData(key, text);
}
