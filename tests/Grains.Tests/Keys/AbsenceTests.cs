using Orleans.Kms.Access;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Tests.Keys;

/// <summary>Many calls at once of what there is not: each gets its answer.</summary>
[Collection(TokenTests.Name)]
public sealed class AbsenceTests(TokenFixture token) : IAsyncLifetime
{
    private const int Callers = 50;
    private TestKms _kms = null!;

    public async Task InitializeAsync() => _kms = await TestKms.Start(token, token.NewFolder());

    public async Task DisposeAsync() => await _kms.DisposeAsync();

    [Fact]
    public async Task An_absent_key_is_not_found_by_any_of_many()
    {
        _kms.SignIn();
        var id = Guid.NewGuid();
        await AllFail(KmsErrorCode.KeyNotFound, () => _kms.Key(id).Describe());
        await AllFail(KmsErrorCode.KeyNotFound, () => _kms.Key(id).Enable());
    }

    [Fact]
    public async Task An_absent_alias_is_not_found_by_any_of_many()
    {
        _kms.SignIn();
        await AllFail(KmsErrorCode.AliasNotFound, async () => await _kms.Alias("alias/absent").Resolve());
        await AllFail(KmsErrorCode.AliasNotFound, () => _kms.Alias("alias/absent").Delete());
    }

    [Fact]
    public async Task An_absent_access_key_is_not_found_by_any_of_many()
    {
        var request = new SignedRequest(SignatureMethod.HmacSha1, [1], new byte[20], _kms.Clock.GetUtcNow().AddSeconds(1), "nonce", new("id", "127.0.0.1", "", "", false));
        await AllFail(KmsErrorCode.AccessKeyNotFound, async () => await _kms.Grains.GetGrain<IAccessKeyGrain>("absent").Authenticate(request));
    }

    [Fact]
    public async Task Of_many_who_make_and_ask_for_one_alias_one_makes_it()
    {
        var id = (await (await _kms.CreateKey()).Describe()).KeyId;
        for (var round = 0; round < 10; round++)
        {
            var alias = _kms.Alias($"alias/contested-{round}");
            var asking = Enumerable.Range(0, Callers).Select(_ => Record.ExceptionAsync(async () => await alias.Resolve())).ToArray();
            var making = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Record.ExceptionAsync(() => alias.Create(id))));
            Assert.Single(making, outcome => outcome is null);
            Assert.Equal(Callers - 1, making.Count(outcome => outcome is KmsException { Code: KmsErrorCode.AliasAlreadyExists }));
            Assert.All(await Task.WhenAll(asking), outcome => Assert.True(outcome is null or KmsException { Code: KmsErrorCode.AliasNotFound }, outcome?.ToString()));
        }
    }

    private static async Task AllFail(KmsErrorCode code, Func<Task> call)
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Record.ExceptionAsync(call)));
        Assert.All(outcomes, outcome => Assert.Equal(code, Assert.IsType<KmsException>(outcome).Code));
    }
}
