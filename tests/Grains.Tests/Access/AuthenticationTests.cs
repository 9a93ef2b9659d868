using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Kms.Access;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Tests.Trail;

namespace Orleans.Kms.Grains.Tests.Access;

/// <summary>What an access key's grain remembers, for how long, and what it counts.</summary>
public sealed class AuthenticationTests : IAsyncLifetime
{
    private const string Id = "LTAI0000000000000000";
    private const string TemporaryId = "STS.0000000000000000000000000";
    private const int FailuresPerSource = 3;
    private const int FailuresPerAccessKey = 20;

    private readonly DirectoryInfo _root = System.IO.Directory.CreateTempSubdirectory("kms-authentication-");
    private readonly StorageFault _fault = new();
    private TestKms _kms = null!;
    private string _secret = "";

    public async Task InitializeAsync()
    {
        var options = new KmsOptions { RootKeyFile = Path.Combine(_root.FullName, "root.keys") };
        options.Authentication.FailuresPerSource = FailuresPerSource;
        options.Authentication.FailuresPerAccessKey = FailuresPerAccessKey;
        _kms = await TestKms.Start(null!, Path.Combine(_root.FullName, "data"), silo =>
        {
            _fault.Wrap(silo);
            silo.Services.AddSingleton(Options.Create(options));
        }, rootKeyFile: options.RootKeyFile, hsm: new());
        _secret = await _kms.IssueAccessKey(Id);
    }

    public async Task DisposeAsync()
    {
        await _kms.DisposeAsync();
        _root.Delete(recursive: true);
    }

    // Not even a write that fails makes it forget the nonces of its time.
    [Theory, InlineData(false, null), InlineData(true, KmsErrorCode.AccessKeyInactive)]
    public async Task After_a_failed_write_the_stored_state_counts_and_no_request_is_let_in_twice(bool lands, KmsErrorCode? expected)
    {
        var request = Request(_secret);
        await Authenticate(Id, request);
        (_fault.Active, _fault.Lands) = (true, lands);
        await AssertFails(KmsErrorCode.ServiceUnavailable, () => Service(Id).SetActive(false));
        _fault.Active = false;
        await AssertFails(expected ?? KmsErrorCode.NonceUsed, () => Authenticate(Id, request));
        Assert.Equal(expected, (await Record.ExceptionAsync(() => Authenticate(Id, Request(_secret))) as KmsException)?.Code);
        await Service(Id).SetActive(true);
        await AssertFails(KmsErrorCode.NonceUsed, () => Authenticate(Id, request));
        await Authenticate(Id, Request(_secret));
    }

    [Theory, InlineData(Id), InlineData(TemporaryId)]
    public async Task Who_is_refused_unlooked_at_leaves_nothing_behind(string id)
    {
        for (var i = 0; i < FailuresPerSource; i++) await AssertFails(KmsErrorCode.SignatureMismatch, () => Authenticate(Id, Request("wrong")));
        var unknown = id + "x";
        var token = AccessKeyId.IsTemporary(id) ? "CAIS" : null;
        await AssertEnds(unknown, () => AssertFails(KmsErrorCode.UserThrottled, () => Authenticate(unknown, Request("wrong", token))));
        var late = Request("wrong", token) with { Timestamp = _kms.Clock.GetUtcNow().AddDays(-1), Facts = Facts("192.0.2.7") };
        await AssertEnds(unknown + "y", () => AssertFails(KmsErrorCode.TimestampExpired, () => Authenticate(unknown + "y", late)));
    }

    // An application with many workers meets it many times before it has new credentials, with which its address is a stranger's.
    [Fact]
    public async Task A_session_that_is_over_is_no_failed_authentication()
    {
        var token = _kms.Services.GetRequiredService<SecurityTokenSeal>().Seal(
            new(TemporaryId, Encoding.ASCII.GetBytes("secret"), TestKms.Account, new("300000000000000001", "session", null), _kms.Clock.GetUtcNow()));
        for (var i = 0; i <= FailuresPerSource; i++) await AssertFails(KmsErrorCode.InvalidSecurityToken, () => Authenticate(TemporaryId, Request("secret", token)));
        await Authenticate(Id, Request(_secret));
    }

    [Fact]
    public async Task Without_the_database_the_answer_is_that_the_service_is_unavailable()
    {
        await Rename("kms_ram_access_key", "away");
        _kms.SignIn();
        await AssertFails(KmsErrorCode.ServiceUnavailable, () => _kms.Directory().DescribeStatus());
        await Rename("away", "kms_ram_access_key");
        await _kms.Directory().DescribeStatus();
    }

    [Fact]
    public async Task Without_the_trail_that_knows_the_nonces_nobody_is_let_in_and_all_are_when_it_is_back()
    {
        ExecuteOnTrail("ALTER TABLE kms_trail_index RENAME TO away");
        await AssertFails(KmsErrorCode.ServiceUnavailable, () => Authenticate(Id, Request(_secret)));
        ExecuteOnTrail("ALTER TABLE away RENAME TO kms_trail_index");
        await Authenticate(Id, Request(_secret));
    }

    // Who has it can send it as often as he likes.
    [Fact]
    public async Task A_captured_request_does_not_fill_the_trail()
    {
        var request = Request(_secret);
        await Authenticate(Id, request);
        for (var i = 0; i < FailuresPerAccessKey + 5; i++) await AssertFails(KmsErrorCode.NonceUsed, () => Authenticate(Id, request));
        Assert.Equal(FailuresPerAccessKey, (await Recorded.All(_kms)).Count(e => Recorded.Text(e, "errorCode") == "SignatureNonceUsed"));
    }

    private void ExecuteOnTrail(string sql)
    {
        using var connection = _kms.Folder.Trail.DataSource().OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private Task Rename(string table, string name) => _kms.Services.GetRequiredService<Orleans.Kms.Grains.Storage.BatchWriter>().Execute(command =>
    {
        command.CommandText = $"ALTER TABLE {table} RENAME TO {name}";
        command.ExecuteNonQuery();
    });

    private async Task AssertEnds(string id, Func<Task> call)
    {
        await call();
        var first = Activation(id);
        _kms.Clock.Advance(TimeSpan.FromSeconds(3));
        await call();
        Assert.NotSame(first, Activation(id));
    }

    private IGrainContext Activation(string id)
    {
        var grain = _kms.Grains.GetGrain<IAccessKeyGrain>(id).GetGrainId();
        var all = (IEnumerable<KeyValuePair<GrainId, IGrainContext>>)_kms.Services.GetRequiredService(Type.GetType("Orleans.Runtime.ActivationDirectory, Orleans.Runtime", throwOnError: true)!);
        return all.Single(activation => activation.Key == grain).Value;
    }

    private IAccessKeyServiceGrain Service(string id)
    {
        _kms.Services.GetRequiredService<SiloPass>().Attach();
        return _kms.Grains.GetGrain<IAccessKeyServiceGrain>(id);
    }

    private async Task<Authentication> Authenticate(string id, SignedRequest request) => await _kms.Grains.GetGrain<IAccessKeyGrain>(id).Authenticate(request);

    private static async Task AssertFails(KmsErrorCode expected, Func<Task> call) => Assert.Equal(expected, (await Assert.ThrowsAsync<KmsException>(call)).Code);

    private SignedRequest Request(string secret, string? token = null)
    {
        var text = Encoding.UTF8.GetBytes("GET&%2F&Action%3DListKeys");
        var signature = HMACSHA256.HashData(Encoding.ASCII.GetBytes(secret), text);
        return new(SignatureMethod.Acs3HmacSha256, text, signature, _kms.Clock.GetUtcNow(), Guid.NewGuid().ToString(), Facts("192.0.2.1"), token);
    }

    private static RequestFacts Facts(string source) => new("id", source, "test", "localhost", false);
}
