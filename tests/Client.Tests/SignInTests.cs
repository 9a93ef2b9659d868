using Microsoft.Extensions.Time.Testing;
using Orleans.Kms.Client.SignIn;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Tests;
using Orleans.Kms.Keys;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Client.Tests;

/// <summary>How a client stays signed in, on a service of its own whose sign-ins it counts.</summary>
public sealed class SignInTests : IAsyncLifetime
{
    private const string Authenticate = "Authenticate";

    private readonly LeapingClock _clock = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private TestService _service = null!;
    private KmsClient _root = null!;
    private string _keyId = "";

    public async Task InitializeAsync()
    {
        _service = await TestService.Start(_clock);
        _root = _service.Client();
        _keyId = await TestService.CreateKey(_root);
    }

    public async Task DisposeAsync()
    {
        await _root.DisposeAsync();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task A_token_is_renewed_before_it_ends_and_once_for_all_who_call()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Call(_root)));
        Assert.Equal(1, _service.Arrivals[Authenticate]);

        _clock.Advance(CallerSessions.RenewedFrom - TimeSpan.FromMilliseconds(1));
        await Call(_root);
        Assert.Equal(1, _service.Arrivals[Authenticate]);

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Call(_root)));
        await _service.Arrivals.Reach(Authenticate, 2);

        _clock.Advance(TimeSpan.FromHours(1));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Call(_root)));
        Assert.Equal(3, _service.Arrivals[Authenticate]);
    }

    [Fact]
    public async Task A_token_that_the_service_does_not_accept_is_replaced()
    {
        // The client's clock stands still, so for the client the token is fresh.
        await using var client = _service.Client(clock: new FakeTimeProvider(_clock.GetUtcNow()));
        await Call(client);
        var before = _service.Arrivals[Authenticate];
        _clock.Advance(TimeSpan.FromMinutes(10));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Call(client)));
        Assert.Equal(before + 1, _service.Arrivals[Authenticate]);
    }

    [Fact]
    public async Task A_client_whose_clock_is_wrong_is_told_so()
    {
        await using var client = _service.Client(clock: new FakeTimeProvider(_clock.GetUtcNow().AddMinutes(-16)));
        await ServiceFixture.AssertFails(KmsErrorCode.TimestampExpired, () => Call(client));
    }

    [Fact]
    public async Task A_refusal_stands_for_a_second()
    {
        await using var client = _service.Client(options => options.AccessKeySecret = "wrong");
        var before = _service.Arrivals[Authenticate];
        for (var i = 0; i < 10; i++) await ServiceFixture.AssertFails(KmsErrorCode.SignatureMismatch, () => Call(client));
        Assert.Equal(before + 1, _service.Arrivals[Authenticate]);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await ServiceFixture.AssertFails(KmsErrorCode.SignatureMismatch, () => Call(client));
        Assert.Equal(before + 2, _service.Arrivals[Authenticate]);
    }

    [Fact]
    public async Task Two_clients_are_two_callers()
    {
        var credentials = await TestService.CreateUser(_root, "nobody");
        await using var nobody = _service.Client(options => TestService.Use(options, credentials));
        for (var i = 0; i < 20; i++)
        {
            // In one flow, one after the other.
            await Call(_root);
            await ServiceFixture.AssertFails(KmsErrorCode.NoPermission, () => Call(nobody));
        }
    }

    [Fact]
    public async Task Temporary_credentials_are_asked_for_anew_at_each_sign_in()
    {
        var credentials = await TestService.CreateUser(_root, "assumes", "sts:AssumeRole");
        await using var user = _service.Client(options => TestService.Use(options, credentials));
        const string Trust = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::ACCOUNT:root"]}}]}""";
        var roles = await _root.Grain<IRamRolesGrain>(TestService.Account);
        var role = await roles.CreateRole("reader", new(Trust.Replace("ACCOUNT", TestService.Account, StringComparison.Ordinal)));
        var policies = await _root.Grain<IRamPoliciesGrain>(TestService.Account);
        await policies.CreatePolicy("describes", """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:DescribeKey","Resource":"*"}]}""", null);
        await policies.AttachPolicyToRole(PolicyType.Custom, "describes", "reader");

        var sessions = 0;
        async ValueTask<KmsCredentials> Assume(CancellationToken cancellationToken)
        {
            sessions++;
            var session = (await (await user.Grain<IStsGrain>(TestService.Account, cancellationToken)).AssumeRole(role.Arn, "test", new(900, null, null))).Credentials;
            return new(session.AccessKeyId, session.AccessKeySecret, session.SecurityToken);
        }
        await using var client = _service.Client(options =>
        {
            (options.AccessKeyId, options.AccessKeySecret) = ("", "");
            options.Credentials = Assume;
        });
        await client.Key(_keyId).Describe();
        await ServiceFixture.AssertFails(KmsErrorCode.NoPermission, () => client.Key(_keyId).Encrypt([1], EncryptionContext.Empty));
        _clock.Advance(TimeSpan.FromHours(1));
        await client.Key(_keyId).Describe();
        Assert.Equal(2, sessions);
    }

    [Fact]
    public async Task A_file_with_credentials_is_read_at_each_sign_in()
    {
        var path = Path.GetTempFileName();
        try
        {
            await Write(path, await TestService.CreateUser(_root, "first", "kms:DescribeKey"));
            await using var client = _service.Client(options =>
            {
                (options.AccessKeyId, options.AccessKeySecret) = ("", "");
                options.CredentialsFile = path;
            });
            await Call(client);
            await Write(path, await TestService.CreateUser(_root, "second"));
            _clock.Advance(TimeSpan.FromMinutes(5));
            await ServiceFixture.AssertFails(KmsErrorCode.NoPermission, () => Call(client));
            await File.WriteAllTextAsync(path, """{"AccessKeyId":"secret""");
            _clock.Advance(TimeSpan.FromMinutes(5));
            var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => Call(client));
            Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
        }
        finally { File.Delete(path); }

        static Task Write(string path, KmsCredentials credentials) =>
            File.WriteAllTextAsync(path, $$"""{"AccessKeyId":"{{credentials.AccessKeyId}}","AccessKeySecret":"{{credentials.AccessKeySecret}}"}""");
    }

    private Task<KeyMetadata> Call(KmsClient client) => client.Key(_keyId).Describe();
}
