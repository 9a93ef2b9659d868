using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Listing;
using Orleans.Kms.Grains.Quotas;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Grains.Tests.Quotas;

[Collection(TokenTests.Name)]
public sealed class QuotaTests(TokenFixture token)
{
    [Fact]
    public void An_accounts_own_number_wins_over_the_common_one_and_that_over_the_preset()
    {
        var options = new QuotaOptions { Preset = QuotaPreset.AlibabaCloud, Aliases = 7, Accounts = { ["1"] = new() { Keys = 3 } } };
        Assert.Equal(new(3, 7, 10_000, 50, 20), Quota.Of(options, "1"));
        Assert.Equal(new(200, 7, 10_000, 50, 20), Quota.Of(options, "2"));
        Assert.Equal(new(200, 300, 10_000, 50, 20), Quota.Of(new() { Preset = QuotaPreset.AlibabaCloud }, "1"));
        Assert.Equal(new(1_000_000, 1_000_000, 10_000_000, 1_000_000, 50), Quota.Of(new(), "1"));
    }

    [Fact]
    public async Task Keys_are_counted_exactly_under_concurrency_and_given_back()
    {
        await using var kms = await Start(new() { Keys = 5 });
        Assert.Equal(5, await Successes(20, () => kms.CreateKey()));
        kms.SignIn();
        var keys = (await kms.Directory().ListKeys(new(1, 100), KeyFilter.All)).Keys;
        Assert.Equal(5, keys.Length);
        await kms.Lifecycle(keys[0].KeyId).ScheduleDeletion(7);
        Assert.Equal(0, await Successes(1, () => kms.CreateKey()));
        kms.Clock.Advance(TimeSpan.FromDays(7));
        await kms.Sweep();
        Assert.Equal(1, await Successes(3, () => kms.CreateKey()));
    }

    [Fact]
    public async Task Aliases_are_counted_exactly_under_concurrency_and_given_back()
    {
        await using var kms = await Start(new() { Aliases = 5 });
        var id = (await (await kms.CreateKey()).Describe()).KeyId;
        var number = 0;
        Assert.Equal(5, await Successes(20, () => Signed(kms, () => kms.Alias($"alias/{Interlocked.Increment(ref number)}").Create(id))));
        kms.SignIn();
        var listed = (await kms.Directory().ListAliases(new(1, 10))).Aliases;
        Assert.Equal(5, listed.Length);
        await kms.Alias(listed[0].Name).Delete();
        Assert.Equal(1, await Successes(3, () => Signed(kms, () => kms.Alias($"alias/{Interlocked.Increment(ref number)}").Create(id))));
    }

    [Fact]
    public async Task Key_versions_count_over_all_keys_and_rotations_wait_for_room()
    {
        await using var kms = await Start(new() { KeyVersions = 3 });
        var first = (await (await kms.CreateKey()).Describe()).KeyId;
        var second = (await (await kms.CreateKey()).Describe()).KeyId;
        await kms.Versions(first).UpdateRotationPolicy(TimeSpan.FromDays(7));
        await kms.Versions(second).UpdateRotationPolicy(TimeSpan.FromDays(7));
        kms.Clock.Advance(TimeSpan.FromDays(7));
        await kms.Sweep();
        Assert.Equal(0, await Successes(1, () => kms.CreateKey()));
        kms.SignIn();
        var counts = new[] { first, second }.Select(async id => (await kms.Versions(id).ListVersions(new(1, 1))).TotalCount);
        Assert.Equal(3, (await Task.WhenAll(counts)).Sum());
    }

    [Fact]
    public async Task Asymmetric_versions_have_a_number_of_their_own()
    {
        await using var kms = await Start(new() { AsymmetricKeyVersions = 1 });
        Assert.Equal(1, await Successes(3, () => Pair(kms)));
        Assert.Equal(2, await Successes(2, () => kms.CreateKey()));
        kms.SignIn();
        var id = (await kms.Directory().ListKeys(new(1, 10), new(null, [KeySpec.EcP256], null, null))).Keys.Single().KeyId;
        kms.Clock.Advance(TimeSpan.FromDays(8));
        kms.SignIn();
        Assert.Equal(KmsErrorCode.LimitExceeded, (await Assert.ThrowsAsync<KmsException>(kms.VersionMaker(id).CreateVersion)).Code);
    }

    [Fact]
    public async Task Versions_are_given_back_with_their_key()
    {
        await using var kms = await Start(new() { KeyVersions = 3, AsymmetricKeyVersions = 2 });
        var id = (await Pair(kms)).KeyId;
        kms.Clock.Advance(TimeSpan.FromDays(7));
        await Signed(kms, kms.VersionMaker(id).CreateVersion);
        await kms.CreateKey();
        Assert.Equal(0, await Successes(1, () => kms.CreateKey()));
        kms.SignIn();
        await kms.Lifecycle(id).ScheduleDeletion(7);
        kms.Clock.Advance(TimeSpan.FromDays(7));
        await kms.Sweep();
        Assert.Equal(2, await Successes(3, () => Pair(kms)));
    }

    // A rotation whose write failed is tried again.
    [Fact]
    public async Task A_version_that_is_reserved_again_counts_once()
    {
        await using var kms = await Start(new());
        var id = (await (await kms.CreateKey()).Describe()).KeyId;
        var index = kms.Services.GetRequiredService<KeyIndex>();
        var two = Quota.Of(new(), TestKms.Account) with { KeyVersions = 2 };
        for (var attempt = 0; attempt < 3; attempt++) Assert.True(await index.ReserveVersion(TestKms.Account, id, 2, kms.Clock.GetUtcNow(), two));
        Assert.False(await index.ReserveVersion(TestKms.Account, id, 3, kms.Clock.GetUtcNow(), two));
    }

    // As after a crash between reservation and state.
    [Fact]
    public async Task A_version_that_is_reserved_and_never_made_is_given_back()
    {
        await using var kms = await Start(new() { AsymmetricKeyVersions = 3 });
        var ids = new[] { (await Pair(kms)).KeyId, (await Pair(kms)).KeyId };
        var index = kms.Services.GetRequiredService<KeyIndex>();
        Assert.True(await index.ReserveVersion(TestKms.Account, ids[0], 2, kms.Clock.GetUtcNow(), Quota.Of(new(), TestKms.Account) with { AsymmetricKeyVersions = 3 }));
        Assert.Equal(0, await Successes(1, () => Pair(kms)));
        // A list asks the grains of the rows that it meets; the repair would, a little later.
        Assert.Equal(2, (await kms.Directory().ListKeys(new(1, 10), KeyFilter.All)).TotalCount);
        Assert.Equal(1, await Successes(2, () => Pair(kms)));
    }

    // Versions of keys that are there already are no new keys.
    [Fact]
    public async Task A_used_up_number_of_keys_stops_no_rotation()
    {
        await using var kms = await Start(new() { Keys = 1 });
        var id = (await (await kms.CreateKey()).Describe()).KeyId;
        await kms.Versions(id).UpdateRotationPolicy(TimeSpan.FromDays(7));
        kms.Clock.Advance(TimeSpan.FromDays(7));
        await kms.Sweep();
        kms.SignIn();
        Assert.Equal(2, (await kms.Versions(id).ListVersions(new(1, 1))).TotalCount);
    }

    // An operator may set a number below what there is already: it stops what it counts, and nothing else.
    [Fact]
    public async Task A_number_that_was_lowered_stops_its_own_kind_only()
    {
        var folder = token.NewFolder();
        await using (var first = await TestKms.Start(token, folder)) await Pair(first);
        await using var second = await Start(new() { AsymmetricKeyVersions = 0 }, folder);
        Assert.Equal(0, await Successes(1, () => Pair(second)));
        Assert.Equal(1, await Successes(1, () => second.CreateKey()));
    }

    [Fact]
    public async Task Tags_per_key_have_two_sides()
    {
        await using var kms = await Start(new() { TagsPerKey = 2 });
        Assert.Equal(1, await Successes(1, () => Tagged(kms, 2)));
        Assert.Equal(0, await Successes(1, () => Tagged(kms, 3)));
        var id = (await (await kms.CreateKey()).Describe()).KeyId;
        await kms.Labels(id).AddTags([new("a", ""), new("b", "")]);
        Assert.Equal(KmsErrorCode.LimitExceeded, (await Assert.ThrowsAsync<KmsException>(() => kms.Labels(id).AddTags([new("a", "new"), new("c", "")]))).Code);
        Assert.Equal([new("a", ""), new("b", "")], await kms.Labels(id).ListTags());
        await kms.Labels(id).AddTags([new("a", "new")]);
        await kms.Labels(id).RemoveTags(["b", "absent"]);
        await kms.Labels(id).AddTags([new("c", "")]);
        Assert.Equal([new("a", "new"), new("c", "")], await kms.Labels(id).ListTags());
    }

    [Fact]
    public async Task A_lowered_quota_leaves_what_there_is_as_it_is()
    {
        var numbers = new QuotaNumbers { TagsPerKey = 2 };
        await using var kms = await Start(numbers);
        var id = (await (await kms.CreateKey()).Describe()).KeyId;
        await kms.Labels(id).AddTags([new("a", ""), new("b", "")]);
        numbers.TagsPerKey = 1;
        await kms.Labels(id).AddTags([new("a", "new")]);
        await Assert.ThrowsAsync<KmsException>(() => kms.Labels(id).AddTags([new("c", "")]));
        Assert.Equal([new("a", "new"), new("b", "")], await kms.Labels(id).ListTags());
    }

    private static Task<KeyMetadata> Pair(TestKms kms)
    {
        kms.SignIn();
        return kms.Directory().CreateKey(new(KeySpec.EcP256, KeyUsage.SignVerify, KeyOrigin.Kms, ProtectionLevel.Software, ""));
    }

    private static Task Tagged(TestKms kms, int tags) => Signed(kms, () => kms.Directory().CreateKey(
        new(KeySpec.Aes256, KeyUsage.EncryptDecrypt, KeyOrigin.Kms, ProtectionLevel.Software, "", Tags: [.. Enumerable.Range(0, tags).Select(i => new Tag($"k{i}", ""))])));

    private static Task Signed(TestKms kms, Func<Task> call)
    {
        kms.SignIn();
        return call();
    }

    private static async Task<int> Successes(int callers, Func<Task> call)
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(() => Record.ExceptionAsync(call))));
        Assert.All(outcomes, outcome => Assert.True(outcome is null or KmsException { Code: KmsErrorCode.LimitExceeded }, outcome?.ToString()));
        return outcomes.Count(outcome => outcome is null);
    }

    private Task<TestKms> Start(QuotaNumbers numbers, string? folder = null)
    {
        var options = new KmsOptions { Quotas = { Accounts = { [TestKms.Account] = numbers } } };
        return TestKms.Start(token, folder ?? token.NewFolder(), silo => silo.Services.AddSingleton(Options.Create(options)));
    }
}
