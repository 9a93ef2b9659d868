using Microsoft.Extensions.DependencyInjection;
using Orleans.Kms.Aliases;
using Orleans.Kms.Grains.Aliases;
using Orleans.Kms.Grains.Listing;
using Orleans.Kms.Grains.Quotas;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Grains.Tests.Listing;

[Collection(TokenTests.Name)]
public sealed class PagingTests(TokenFixture token) : IAsyncLifetime
{
    private TestKms _kms = null!;

    public async Task InitializeAsync() => _kms = await TestKms.Start(token, token.NewFolder());

    public async Task DisposeAsync() => await _kms.DisposeAsync();

    [Fact]
    public async Task Pages_cover_all_keys_once_in_the_order_of_their_making()
    {
        var made = new List<Guid>();
        for (var i = 0; i < 25; i++) made.Add((await (await _kms.CreateKey()).Describe()).KeyId);
        _kms.SignIn();
        var listed = new List<Guid>();
        for (var number = 1; number <= 3; number++)
        {
            var page = await _kms.Directory().ListKeys(new(number, 10), KeyFilter.All);
            Assert.Equal(25, page.TotalCount);
            listed.AddRange(page.Keys.Select(key => key.KeyId));
        }
        Assert.Equal(made, listed);
        Assert.Empty((await _kms.Directory().ListKeys(new(4, 10), KeyFilter.All)).Keys);
    }

    // Rows are put into the index directly: thousands of keys would take long to make. Every page of every size is compared with a list in memory.
    [Fact]
    public async Task Pages_are_those_of_the_plain_list_across_buckets_removals_and_filters()
    {
        var index = _kms.Services.GetRequiredService<KeyIndex>();
        var quota = Quota.Of(new(), TestKms.Account);
        var keys = new List<(Guid Id, KeyClass Class)>();
        for (var i = 0; i < 3 * Buckets.Size + 17; i++) keys.Add((Guid.NewGuid(), ClassOf(i)));
        await Task.WhenAll(keys.Select(key => index.Announce(TestKms.Account, key.Id, key.Class, _kms.Clock.GetUtcNow(), quota)));
        await Task.WhenAll(keys.Select(key => index.Put(TestKms.Account, key.Id, new(key.Class, null, 1, []))));
        var removed = keys.Where((_, i) => i % 7 == 0 || i is > 1100 and < 1900).ToList();
        await Task.WhenAll(removed.Select(key => index.Remove(TestKms.Account, key.Id)));
        keys = [.. keys.Except(removed)];
        var filters = new[]
        {
            KeyFilter.All, KeyFilter.None, new([KeyState.Disabled], null, null, null), new(null, [KeySpec.Rsa2048], null, null), new([KeyState.Enabled], [KeySpec.Aes256, KeySpec.Rsa2048], null, [ProtectionLevel.Hsm]),
        };
        foreach (var filter in filters)
        {
            var wanted = keys.Where(key => key.Class.IsShownBy(filter)).Select(key => key.Id).ToList();
            foreach (var size in new[] { 1, 7, 100 })
            {
                // All pages of a hundred, some of the smaller ones, and one past the end.
                var last = wanted.Count / size + 1;
                foreach (var number in size == 100 ? Enumerable.Range(1, last + 1) : [1, 2, last / 2 + 1, last, last + 1])
                {
                    var (page, total) = await index.Page(TestKms.Account, new(number, size), filter);
                    Assert.Equal(wanted.Count, total);
                    Assert.Equal(wanted.Skip((number - 1) * size).Take(size), page.Select(key => key.KeyId));
                }
            }
        }
    }

    // Their names come in another order than they were made.
    [Fact]
    public async Task Pages_of_aliases_are_those_of_the_plain_list()
    {
        var index = _kms.Services.GetRequiredService<AliasIndex>();
        var quota = Quota.Of(new(), TestKms.Account);
        Guid[] keys = [(await (await _kms.CreateKey()).Describe()).KeyId, (await (await _kms.CreateKey()).Describe()).KeyId];
        var aliases = new List<(string Name, Guid KeyId)>();
        for (var i = 0; i < Buckets.Size + 17; i++) aliases.Add(($"alias/{9999 - i}", keys[i % 2]));
        await Task.WhenAll(aliases.Select(alias => index.Announce(TestKms.Account, alias.Name, alias.KeyId, _kms.Clock.GetUtcNow(), quota)));
        await Task.WhenAll(aliases.Select(alias => index.Put(TestKms.Account, alias.Name, alias.KeyId)));
        await Task.WhenAll(aliases.Where((_, i) => i % 7 == 0).Select(alias => index.Remove(TestKms.Account, alias.Name)));
        aliases = [.. aliases.Where((_, i) => i % 7 != 0)];
        var ofKey = aliases.Where(alias => alias.KeyId == keys[0]).ToList();
        foreach (var number in new[] { 1, 2, 5, 9, 10 })
        {
            var page = new PageRequest(number, 97);
            AssertPage(aliases, page, await _kms.Directory().ListAliases(page));
            AssertPage(ofKey, page, await _kms.Labels(keys[0]).ListAliases(page));
        }
    }

    [Fact]
    public void A_page_is_found_without_walking_the_pages_before_it()
    {
        var counts = new List<(long, int)> { (0, 3), (2, 5), (9, 1) };
        Assert.Equal([(0, 0, 2)], Buckets.Find(counts, 0, 2));
        Assert.Equal([(0, 2, 1), (2, 0, 3)], Buckets.Find(counts, 2, 4));
        Assert.Equal([(2, 4, 1), (9, 0, 1)], Buckets.Find(counts, 7, 100));
        Assert.Empty(Buckets.Find(counts, 9, 100));
    }

    private static void AssertPage(List<(string Name, Guid KeyId)> all, PageRequest page, AliasPage found)
    {
        Assert.Equal(all.Count, found.TotalCount);
        Assert.Equal(all.Skip((page.Number - 1) * page.Size).Take(page.Size), found.Aliases.Select(alias => (alias.Name, alias.KeyId)));
    }

    // Interleaved, so that announcement order and ordinals agree only by the writer's order.
    private static KeyClass ClassOf(int i) => new(
        i % 3 == 0 ? KeyState.Disabled : KeyState.Enabled, i % 500 == 3 ? KeySpec.Rsa2048 : KeySpec.Aes256, KeyUsage.EncryptDecrypt,
        i % 2 == 0 ? ProtectionLevel.Hsm : ProtectionLevel.Software);
}
