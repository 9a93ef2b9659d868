using Microsoft.Extensions.DependencyInjection;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Ram;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Tests.Trail;
using Orleans.Kms.Silo.Admin;
using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Grains.Tests.Admin;

/// <summary>What operators did becomes events.</summary>
[Collection(TokenTests.Name)]
public sealed class AdminEventsTests(TokenFixture token)
{
    [Fact]
    public async Task What_was_done_before_there_were_accounts_is_told_to_the_first_ones_and_once()
    {
        await using var kms = await TestKms.Start(token, token.NewFolder());
        var (writer, now) = (kms.Services.GetRequiredService<BatchWriter>(), kms.Clock.GetUtcNow());
        var id = await writer.Execute(command => AdminRecords.Begin(command, new("operator", "add-root-key", "kms-root-2", 2), now));
        await writer.Execute(command => AdminRecords.End(command, id, "done: added", now));
        using var events = ActivatorUtilities.CreateInstance<AdminEvents>(kms.Services);
        await events.Run();
        Assert.Empty(await Recorded.Of(kms, "AddRootKey"));
        kms.Services.GetRequiredService<SiloPass>().Attach();
        await kms.Grains.GetGrain<IRamServiceGrain>(TestKms.Account).ListRootAccessKey("LTAItest", now);
        await events.Run();
        await events.Run();
        Assert.Single(await Recorded.Of(kms, "AddRootKey"));
    }
}
