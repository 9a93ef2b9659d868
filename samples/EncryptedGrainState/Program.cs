using EncryptedGrainState;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Kms.Aliases;
using Orleans.Kms.Client;
using Orleans.Kms.Client.GrainStorage;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;
using Orleans.Storage;

const string Alias = "alias/sample-grain-state";
var folder = Directory.CreateDirectory("sample-state");

// A silo of this application's own cluster; its grains' state is encrypted before FileStorage gets it.
var builder = Host.CreateApplicationBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.None);
builder.UseOrleans(silo =>
{
    silo.UseLocalhostClustering(siloPort: 11311, gatewayPort: 30300, serviceId: "sample", clusterId: "sample");
    silo.Services.AddKmsClient(options => builder.Configuration.GetSection("Kms").Bind(options));
    silo.Services.AddKeyedSingleton<IGrainStorage>("files", (_, _) => new FileStorage(folder, new SealedStateSerializer()));
    silo.Services.AddEncryptedGrainStorage("encrypted", "files", options => options.KeyId = Alias);
});
var host = builder.Build();
await using var services = (IAsyncDisposable)host;
await EnsureAlias(host.Services.GetRequiredService<KmsClient>());
await host.StartAsync();

var grains = host.Services.GetRequiredService<IGrainFactory>();
var (ann, bob) = (grains.GetGrain<INoteGrain>("ann"), grains.GetGrain<INoteGrain>("bob"));
Console.WriteLine($"Ann's note of the last run: {await ann.Read()}");
await ann.Write("Ann's diary");
await bob.Write("Bob's diary");
Console.WriteLine($"Stored: {FileStorage.Show(folder, ann)}");

// Whoever can write the storage puts Bob's state into the place of Ann's.
await ann.Forget();
FileStorage.Copy(folder, from: bob, to: ann);
try { Console.WriteLine($"This should not be read: {await ann.Read()}"); }
catch (Exception e) when (e.GetBaseException() is KmsException refusal) { Console.WriteLine($"Refused: {refusal.Message}"); }
FileStorage.Restore(folder, ann);
Console.WriteLine($"Read again: {await ann.Read()}");
await host.StopAsync();

static async Task EnsureAlias(KmsClient kms)
{
    try { await kms.Key(Alias).Id(); }
    catch (KmsException e) when (e.Code == KmsErrorCode.AliasNotFound)
    {
        var accountId = await kms.AccountId();
        var made = await (await kms.Grain<IDirectoryGrain>(accountId)).CreateKey(new(KeySpec.Aes256, KeyUsage.EncryptDecrypt, KeyOrigin.Kms, ProtectionLevel.Software, "sample EncryptedGrainState"));
        await (await kms.Grain<IAliasGrain>(AliasName.GrainKey(accountId, Alias))).Create(made.KeyId);
    }
}
