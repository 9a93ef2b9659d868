using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Client.Tests;

/// <summary>A client of a cluster, over TLS.</summary>
[Collection(ClusterTests.Name)]
public sealed class ClusterClientTests(ClusterFixture cluster)
{
    private static readonly EncryptionContext Context = EncryptionContext.Empty;

    [Theory, InlineData(true), InlineData(false)]
    public async Task Silos_are_found_in_the_database_or_listed(bool byDatabase)
    {
        await cluster.Start();
        await using var services = Services(byDatabase ? cluster.ByDatabase : cluster.ByGateways);
        var client = services.GetRequiredService<KmsClient>();
        var key = await CreateKey(client);
        var blob = (await key.Encrypt([1, 2], Context)).CiphertextBlob;
        Assert.Equal([1, 2], (await key.Decrypt(blob, Context)).Plaintext);
    }

    [Fact]
    public async Task When_a_silo_is_killed_calls_go_on()
    {
        await cluster.Start();
        await using var services = Services(cluster.ByDatabase);
        var client = services.GetRequiredService<KmsClient>();
        var keys = new List<KmsKey>();
        for (var i = 0; i < 12; i++) keys.Add(await CreateKey(client));
        var blobs = await Task.WhenAll(keys.Select(async key => (await key.Encrypt([1, 2], Context)).CiphertextBlob));
        cluster.KillSilo(2);
        var plaintexts = await Task.WhenAll(keys.Zip(blobs, async (key, blob) => (await key.Decrypt(blob, Context)).Plaintext));
        Assert.All(plaintexts, plaintext => Assert.Equal([1, 2], plaintext));
    }

    private static async Task<KmsKey> CreateKey(KmsClient client)
    {
        var directory = await client.Grain<IDirectoryGrain>(await client.AccountId());
        return client.Key((await directory.CreateKey(new(KeySpec.Aes256, KeyUsage.EncryptDecrypt, KeyOrigin.Kms, ProtectionLevel.Hsm, ""))).KeyId.ToString("D"));
    }

    private static ServiceProvider Services(IReadOnlyDictionary<string, string> settings)
    {
        var pairs = settings.Select(setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), (string?)setting.Value));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(pairs).Build();
        return new ServiceCollection().AddKmsClient(options => configuration.GetSection("Kms").Bind(options)).BuildServiceProvider();
    }
}
