using Microsoft.Extensions.DependencyInjection;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Aliases;
using Orleans.Kms.Grains.Keys;
using Orleans.Kms.Grains.Listing;
using Orleans.Kms.Grains.Quotas;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Grains.Tests.Listing;

/// <summary>What a crash between index row and grain state leaves behind.</summary>
[Collection(TokenTests.Name)]
public sealed class IndexRepairTests(TokenFixture token) : IAsyncLifetime
{
    private static readonly KeyClass Class = new(KeyState.Enabled, KeySpec.Aes256, KeyUsage.EncryptDecrypt, ProtectionLevel.Software);
    private static readonly Quota Quota = Quota.Of(new(), TestKms.Account);
    private TestKms _kms = null!;
    private KeyIndex _keys = null!;
    private AliasIndex _aliases = null!;

    public async Task InitializeAsync()
    {
        _kms = await TestKms.Start(token, token.NewFolder());
        _keys = _kms.Services.GetRequiredService<KeyIndex>();
        _aliases = _kms.Services.GetRequiredService<AliasIndex>();
    }

    public async Task DisposeAsync() => await _kms.DisposeAsync();

    [Fact]
    public async Task A_row_without_a_key_is_hidden_and_removed()
    {
        await _keys.Announce(TestKms.Account, Guid.NewGuid(), Class, _kms.Clock.GetUtcNow(), Quota);
        Assert.Equal(0, await KeyCount());
        await Repair();
        Assert.Empty(await _keys.Unfinished(DateTimeOffset.MaxValue, DateTimeOffset.MaxValue, 0, 10));
    }

    [Fact]
    public async Task A_row_whose_key_was_made_is_shown()
    {
        var id = await MakeWithoutShowing();
        Assert.Equal(0, await KeyCount());
        await Repair();
        _kms.SignIn();
        var page = await _kms.Directory().ListKeys(new(1, 10), KeyFilter.All);
        Assert.Equal((1, id), (page.TotalCount, page.Keys.Single().KeyId));
        await Repair();
        Assert.Equal(1, await KeyCount());
    }

    [Fact]
    public async Task Rows_of_calls_that_may_still_run_are_left_alone()
    {
        await _keys.Announce(TestKms.Account, Guid.NewGuid(), Class, _kms.Clock.GetUtcNow(), Quota);
        await Settle(_kms.Clock.GetUtcNow());
        Assert.Single(await _keys.Unfinished(DateTimeOffset.MaxValue, DateTimeOffset.MaxValue, 0, 10));
    }

    // A state change whose index row was not written: the filter must not go by it once the row is repaired.
    [Fact]
    public async Task A_touched_row_gets_the_state_that_the_key_has()
    {
        var key = await _kms.CreateKey();
        var id = (await key.Describe()).KeyId;
        await _keys.Put(TestKms.Account, id, new(Class with { State = KeyState.Disabled }, null, 1, []));
        await _keys.Touch(TestKms.Account, id, _kms.Clock.GetUtcNow());
        Assert.Equal(1, await KeyCount(new(new[] { KeyState.Disabled }, null, null, null)) + await KeyCount(new(new[] { KeyState.Enabled }, null, null, null)));
        await Repair();
        Assert.Equal(0, await KeyCount(new([KeyState.Disabled], null, null, null)));
        Assert.Equal(1, await KeyCount(new([KeyState.Enabled], null, null, null)));
    }

    [Fact]
    public async Task An_alias_row_without_an_alias_is_never_shown()
    {
        var key = (await (await _kms.CreateKey()).Describe()).KeyId;
        await _aliases.Announce(TestKms.Account, "alias/announced", key, _kms.Clock.GetUtcNow(), Quota);
        // As after a crash in the middle of DeleteAlias: the alias is gone, its row is shown and touched.
        await LeaveRow("alias/deleted", key);
        _kms.SignIn();
        Assert.Equal(0, (await _kms.Directory().ListAliases(new(1, 10))).TotalCount);
        Assert.Equal(0, (await _kms.Labels(key).ListAliases(new(1, 10))).TotalCount);
        await Repair();
        Assert.Empty(await _aliases.Unfinished(DateTimeOffset.MaxValue, 0, 10));
        Assert.Empty(await _aliases.NamesOf(TestKms.Account, key, 10));
    }

    [Fact]
    public async Task An_alias_whose_row_tells_an_old_key_is_shown_with_the_present_one()
    {
        var (first, second) = ((await (await _kms.CreateKey()).Describe()).KeyId, (await (await _kms.CreateKey()).Describe()).KeyId);
        await _kms.Alias("alias/moved").Create(second);
        await _aliases.Put(TestKms.Account, "alias/moved", first);
        await _aliases.Touch(TestKms.Account, "alias/moved", _kms.Clock.GetUtcNow());
        Assert.Equal(second, (await _kms.Directory().ListAliases(new(1, 10))).Aliases.Single().KeyId);
        Assert.Equal(0, (await _kms.Labels(first).ListAliases(new(1, 10))).TotalCount);
        Assert.Equal(1, (await _kms.Labels(second).ListAliases(new(1, 10))).TotalCount);
    }

    // What is settled leaves the page, and others come into it.
    [Fact]
    public async Task No_page_shows_what_there_is_not_however_much_was_left()
    {
        var key = (await (await _kms.CreateKey()).Describe()).KeyId;
        foreach (var name in new[] { "alias/gone-1", "alias/gone-2", "alias/gone-3", "alias/gone-4", "alias/gone-5" }) await LeaveRow(name, key);
        _kms.SignIn();
        Assert.Empty((await _kms.Directory().ListAliases(new(1, 1))).Aliases);
        Assert.Empty((await _kms.Labels(key).ListAliases(new(1, 1))).Aliases);
    }

    [Fact]
    public async Task A_filter_shows_no_key_in_a_state_that_it_left()
    {
        for (var i = 0; i < 3; i++)
        {
            var id = (await (await _kms.CreateKey()).Describe()).KeyId;
            await _kms.Key(id).Disable();
            await _keys.Put(TestKms.Account, id, new(Class, null, 1, []));
            await _keys.Touch(TestKms.Account, id, _kms.Clock.GetUtcNow());
        }
        Assert.Empty((await _kms.Directory().ListKeys(new(1, 1), new([KeyState.Enabled], null, null, null))).Keys);
    }

    [Fact]
    public async Task Tags_that_were_removed_and_tags_of_a_destroyed_key_are_not_listed()
    {
        var (untagged, destroyed) = ((await (await _kms.CreateKey()).Describe()).KeyId, (await (await _kms.CreateKey()).Describe()).KeyId);
        foreach (var id in new[] { untagged, destroyed })
        {
            await _keys.Put(TestKms.Account, id, new(Class, null, 1, [new("was", "here")]));
            await _keys.Touch(TestKms.Account, id, _kms.Clock.GetUtcNow());
        }
        await _kms.DestroyState(destroyed);
        _kms.SignIn();
        Assert.Empty((await _kms.Directory().ListTagResources(new([], [], null))).Tags);
        Assert.Empty((await _kms.Directory().ListTagResources(new([untagged], [new("was", null)], null))).Tags);
    }

    // What a list settles first must not take away what brings the sweep.
    [Fact]
    public async Task A_list_that_meets_a_half_destroyed_key_finishes_its_destruction()
    {
        var id = (await (await _kms.CreateKey()).Describe()).KeyId;
        await _kms.Alias("alias/left").Create(id);
        await _kms.Lifecycle(id).ScheduleDeletion(7);
        await _keys.Touch(TestKms.Account, id, _kms.Clock.GetUtcNow());
        await _kms.DestroyState(id);
        _kms.SignIn();
        Assert.Empty((await _kms.Directory().ListKeys(new(1, 10), KeyFilter.All)).Keys);
        Assert.Equal(0, (await _kms.Directory().ListAliases(new(1, 10))).TotalCount);
        Assert.Empty(await _aliases.NamesOf(TestKms.Account, id, 10));
    }

    [Fact]
    public async Task What_cannot_be_read_is_left_out_and_hides_nothing_else()
    {
        var (good, bad) = ((await (await _kms.CreateKey()).Describe()).KeyId, (await (await _kms.CreateKey()).Describe()).KeyId);
        foreach (var id in new[] { good, bad }) await _keys.Touch(TestKms.Account, id, _kms.Clock.GetUtcNow());
        await _kms.DamageState(bad);
        _kms.SignIn();
        Assert.Equal(good, (await _kms.Directory().ListKeys(new(1, 10), KeyFilter.All)).Keys.Single().KeyId);
        await Repair();
        Assert.Equal(bad, (await _keys.Unfinished(DateTimeOffset.MaxValue, DateTimeOffset.MaxValue, 0, 10)).Single().KeyId);
    }

    [Fact]
    public async Task What_a_crash_left_is_settled_before_the_service_answers()
    {
        var folder = token.NewFolder();
        Guid key;
        await using (var first = await TestKms.Start(token, folder))
        {
            key = (await (await first.CreateKey()).Describe()).KeyId;
            var aliases = first.Services.GetRequiredService<AliasIndex>();
            await aliases.Announce(TestKms.Account, "alias/announced", key, first.Clock.GetUtcNow(), Quota);
            await first.Services.GetRequiredService<KeyIndex>().Touch(TestKms.Account, key, first.Clock.GetUtcNow());
        }
        await using var second = await TestKms.Start(token, folder, atStart: clock => clock.Advance(TimeSpan.FromSeconds(1)));
        Assert.Empty(await second.Services.GetRequiredService<KeyIndex>().Unfinished(DateTimeOffset.MaxValue, DateTimeOffset.MaxValue, 0, 10));
        Assert.Empty(await second.Services.GetRequiredService<AliasIndex>().NamesOf(TestKms.Account, key, 10));
    }

    [Fact]
    public async Task A_destruction_that_stopped_half_way_is_finished()
    {
        var key = await _kms.CreateKey();
        var id = (await key.Describe()).KeyId;
        await _kms.Alias("alias/left").Create(id);
        await _kms.Lifecycle(id).ScheduleDeletion(7);
        _kms.Clock.Advance(TimeSpan.FromDays(8));
        await _kms.DestroyState(id);
        await _kms.Sweep();
        _kms.SignIn();
        Assert.Equal(0, (await _kms.Directory().ListAliases(new(1, 10))).TotalCount);
        Assert.Equal(0, await KeyCount());
    }

    // As after a crash in the middle of CreateAlias.
    [Fact]
    public async Task An_alias_that_a_crash_prevented_can_be_made_and_counts_once()
    {
        var key = (await (await _kms.CreateKey()).Describe()).KeyId;
        var two = Quota with { Aliases = 2 };
        await _aliases.Announce(TestKms.Account, "alias/again", key, _kms.Clock.GetUtcNow(), two);
        await _kms.Alias("alias/again").Create(key);
        Assert.Equal("alias/again", (await _kms.Directory().ListAliases(new(1, 10))).Aliases.Single().Name);
        Assert.True(await _aliases.Announce(TestKms.Account, "alias/second", key, _kms.Clock.GetUtcNow(), two));
        Assert.False(await _aliases.Announce(TestKms.Account, "alias/third", key, _kms.Clock.GetUtcNow(), two));
    }

    [Fact]
    public async Task Destruction_spares_an_alias_that_points_elsewhere_by_now()
    {
        var (doomed, kept) = ((await (await _kms.CreateKey()).Describe()).KeyId, (await (await _kms.CreateKey()).Describe()).KeyId);
        await _kms.Alias("alias/moved").Create(kept);
        await _aliases.Put(TestKms.Account, "alias/moved", doomed);
        await Destroy(doomed);
        _kms.SignIn();
        Assert.Equal(kept, await _kms.Alias("alias/moved").Resolve());
        Assert.Equal(kept, (await _kms.Directory().ListAliases(new(1, 10))).Aliases.Single().KeyId);
    }

    // Reminder and sweeps wake the key a few times: so many that none of these gets by with one batch.
    [Fact]
    public async Task Destruction_leaves_none_of_many_aliases()
    {
        var key = (await (await _kms.CreateKey()).Describe()).KeyId;
        await Task.WhenAll(Enumerable.Range(0, 1001).Select(i => _aliases.Announce(TestKms.Account, $"alias/{i}", key, _kms.Clock.GetUtcNow(), Quota)));
        await Destroy(key);
        Assert.Empty(await _aliases.NamesOf(TestKms.Account, key, 1));
    }

    private async Task LeaveRow(string alias, Guid key)
    {
        await _aliases.Announce(TestKms.Account, alias, key, _kms.Clock.GetUtcNow(), Quota);
        await _aliases.Put(TestKms.Account, alias, key);
        await _aliases.Touch(TestKms.Account, alias, _kms.Clock.GetUtcNow());
    }

    private async Task Destroy(Guid id)
    {
        await _kms.Lifecycle(id).ScheduleDeletion(7);
        _kms.Clock.Advance(TimeSpan.FromDays(7));
        await _kms.Sweep();
    }

    private async Task<Guid> MakeWithoutShowing()
    {
        var id = Guid.NewGuid();
        _kms.Services.GetRequiredService<SiloPass>().Attach();
        await _kms.Grains.GetGrain<IKeyServiceGrain>(KeyId.GrainKey(TestKms.Account, id))
            .Create(new(KeySpec.Aes256, KeyUsage.EncryptDecrypt, KeyOrigin.Kms, ProtectionLevel.Software, ""));
        // Announced late: the row that Create would have shown was not there.
        await _keys.Announce(TestKms.Account, id, Class, _kms.Clock.GetUtcNow(), Quota);
        return id;
    }

    private async Task<int> KeyCount(KeyFilter? filter = null)
    {
        _kms.SignIn();
        return (await _kms.Directory().ListKeys(new(1, 10), filter ?? KeyFilter.All)).TotalCount;
    }

    private Task Repair() => Settle(_kms.Clock.GetUtcNow() + TimeSpan.FromMinutes(1));

    private Task Settle(DateTimeOffset before) =>
        _kms.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<IndexRepair>().Single().Settle(before, before);
}
