using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Tests.Aliases;

[Collection(TokenTests.Name)]
public sealed class AliasGrainTests(TokenFixture token) : IAsyncLifetime
{
    private TestKms _kms = null!;
    private Guid _first;
    private Guid _second;

    public async Task InitializeAsync()
    {
        _kms = await TestKms.Start(token, token.NewFolder());
        _first = (await (await _kms.CreateKey()).Describe()).KeyId;
        _second = (await (await _kms.CreateKey()).Describe()).KeyId;
    }

    public async Task DisposeAsync() => await _kms.DisposeAsync();

    [Fact]
    public async Task An_alias_is_made_moved_and_deleted()
    {
        _kms.SignIn();
        var alias = _kms.Alias("alias/app");
        await Refused(KmsErrorCode.AliasNotFound, async () => await alias.Resolve());
        await alias.Create(_first);
        Assert.Equal(_first, await alias.Resolve());
        await Refused(KmsErrorCode.AliasAlreadyExists, () => alias.Create(_second));
        await alias.Update(_second);
        Assert.Equal(_second, await alias.Resolve());
        Assert.Equal(0, (await _kms.Labels(_first).ListAliases(new(1, 10))).TotalCount);
        var listed = (await _kms.Labels(_second).ListAliases(new(1, 10))).Aliases.Single();
        Assert.Equal(new("alias/app", $"acs:kms:local-1:{TestKms.Account}:alias/app", _second), listed);
        await alias.Delete();
        await Refused(KmsErrorCode.AliasNotFound, async () => await alias.Resolve());
        await Refused(KmsErrorCode.AliasNotFound, alias.Delete);
        await Refused(KmsErrorCode.AliasNotFound, () => alias.Update(_first));
        await alias.Create(_first);
        Assert.Equal(_first, await alias.Resolve());
    }

    [Fact]
    public async Task Of_concurrent_creates_exactly_one_wins()
    {
        for (var round = 0; round < 10; round++)
        {
            var name = $"alias/round-{round}";
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
            {
                _kms.SignIn();
                var target = i % 2 == 0 ? _first : _second;
                var error = await Record.ExceptionAsync(() => _kms.Alias(name).Create(target));
                if (error is null) return target;
                Assert.Equal(KmsErrorCode.AliasAlreadyExists, Assert.IsType<KmsException>(error).Code);
                return (Guid?)null;
            })));
            _kms.SignIn();
            Assert.Equal(outcomes.Single(winner => winner is not null), await _kms.Alias(name).Resolve());
        }
    }

    [Fact]
    public async Task The_targets_state_counts()
    {
        _kms.SignIn();
        await _kms.Lifecycle(_second).ScheduleDeletion(7);
        await Refused(KmsErrorCode.StateModificationFailed, () => _kms.Alias("alias/a").Create(_second));
        await Refused(KmsErrorCode.KeyNotFound, () => _kms.Alias("alias/a").Create(Guid.NewGuid()));
        await _kms.Alias("alias/a").Create(_first);
        await Refused(KmsErrorCode.KeyPendingDeletion, () => _kms.Alias("alias/a").Update(_second));
        await Refused(KmsErrorCode.KeyNotFound, () => _kms.Alias("alias/a").Update(Guid.NewGuid()));
        Assert.Equal(_first, await _kms.Alias("alias/a").Resolve());
        Assert.Equal(1, (await _kms.Directory().ListAliases(new(1, 10))).TotalCount);
        // The old target's state does not count.
        await _kms.Lifecycle(_first).ScheduleDeletion(7);
        await _kms.Lifecycle(_second).CancelDeletion();
        await _kms.Alias("alias/a").Update(_second);
        Assert.Equal(_second, await _kms.Alias("alias/a").Resolve());
    }

    [Fact]
    public async Task Aliases_outlive_the_process()
    {
        var folder = token.NewFolder();
        Guid id;
        await using (var first = await TestKms.Start(token, folder))
        {
            id = (await (await first.CreateKey()).Describe()).KeyId;
            await first.Alias("alias/kept").Create(id);
            await first.Alias("alias/gone").Create(id);
            await first.Alias("alias/gone").Delete();
        }
        await using var second = await TestKms.Start(token, folder);
        second.SignIn();
        Assert.Equal(id, await second.Alias("alias/kept").Resolve());
        await Refused(KmsErrorCode.AliasNotFound, async () => await second.Alias("alias/gone").Resolve());
        Assert.Equal("alias/kept", (await second.Directory().ListAliases(new(1, 10))).Aliases.Single().Name);
    }

    [Fact]
    public async Task Another_account_has_its_own_names()
    {
        _kms.SignIn();
        await _kms.Alias("alias/app").Create(_first);
        _kms.SignIn("2000000000000002");
        Assert.Equal(0, (await _kms.Directory("2000000000000002").ListAliases(new(1, 10))).TotalCount);
        await Refused(KmsErrorCode.NoPermission, async () => await _kms.Alias("alias/app").Resolve());
        await Refused(KmsErrorCode.AliasNotFound, _kms.Alias("alias/app").Delete);
    }

    private static async Task Refused(KmsErrorCode code, Func<Task> call) => Assert.Equal(code, (await Assert.ThrowsAsync<KmsException>(call)).Code);
}
