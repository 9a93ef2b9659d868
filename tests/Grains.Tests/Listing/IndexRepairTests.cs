using Microsoft.Extensions.DependencyInjection;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Keys;
using Orleans.Kms.Grains.Listing;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Listing;

/// <summary>What a crash between index row and grain state leaves behind.</summary>
[Collection(TokenTests.Name)]
public sealed class IndexRepairTests(TokenFixture token)
{
    [Fact]
    public async Task A_row_without_a_key_is_hidden_and_removed()
    {
        await using var kms = await TestKms.Start(token, token.NewFolder());
        var index = kms.Services.GetRequiredService<KeyIndex>();
        await index.Announce(TestKms.Account, Guid.NewGuid(), kms.Clock.GetUtcNow());
        kms.SignIn();
        Assert.Equal(0, (await kms.Directory().ListKeys(new(1, 10))).TotalCount);
        await Repair(kms);
        Assert.Empty(await index.Unfinished(DateTimeOffset.MaxValue, 10));
    }

    [Fact]
    public async Task A_row_whose_key_was_made_is_shown()
    {
        await using var kms = await TestKms.Start(token, token.NewFolder());
        var id = Guid.NewGuid();
        await kms.Services.GetRequiredService<KeyIndex>().Announce(TestKms.Account, id, kms.Clock.GetUtcNow());
        kms.Services.GetRequiredService<SiloPass>().Attach();
        await kms.Grains.GetGrain<IKeyBirthGrain>(KeyId.GrainKey(TestKms.Account, id))
            .Create(new(KeySpec.Aes256, KeyUsage.EncryptDecrypt, KeyOrigin.Kms, ProtectionLevel.Software, ""));
        kms.SignIn();
        Assert.Equal(0, (await kms.Directory().ListKeys(new(1, 10))).TotalCount);
        await Repair(kms);
        var page = await kms.Directory().ListKeys(new(1, 10));
        Assert.Equal((1, id), (page.TotalCount, page.Keys.Single().KeyId));
        await Repair(kms);
        Assert.Equal(1, (await kms.Directory().ListKeys(new(1, 10))).TotalCount);
    }

    [Fact]
    public async Task Rows_of_calls_that_may_still_run_are_left_alone()
    {
        await using var kms = await TestKms.Start(token, token.NewFolder());
        var index = kms.Services.GetRequiredService<KeyIndex>();
        await index.Announce(TestKms.Account, Guid.NewGuid(), kms.Clock.GetUtcNow());
        await Settle(kms, kms.Clock.GetUtcNow());
        Assert.Single(await index.Unfinished(DateTimeOffset.MaxValue, 10));
    }

    [Fact]
    public async Task Pages_cover_all_keys_once_in_the_order_of_their_making()
    {
        await using var kms = await TestKms.Start(token, token.NewFolder());
        var made = new List<Guid>();
        for (var i = 0; i < 25; i++) made.Add((await (await kms.CreateKey()).Describe()).KeyId);
        kms.SignIn();
        var listed = new List<Guid>();
        for (var number = 1; number <= 3; number++)
        {
            var page = await kms.Directory().ListKeys(new(number, 10));
            Assert.Equal(25, page.TotalCount);
            listed.AddRange(page.Keys.Select(key => key.KeyId));
        }
        Assert.Equal(made, listed);
        Assert.Empty((await kms.Directory().ListKeys(new(4, 10))).Keys);
    }

    private static Task Repair(TestKms kms) => Settle(kms, kms.Clock.GetUtcNow() + TimeSpan.FromMinutes(1));

    private static Task Settle(TestKms kms, DateTimeOffset before) =>
        kms.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<IndexRepair>().Single().Settle(before);
}
