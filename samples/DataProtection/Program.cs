using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Orleans.Kms.Aliases;
using Orleans.Kms.Client;
using Orleans.Kms.Client.DataProtection;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;

const string Alias = "alias/sample-key-ring";

var builder = WebApplication.CreateBuilder(args);
builder.Logging.AddFilter("Orleans", LogLevel.Warning);
builder.Services.AddKmsClient(options => builder.Configuration.GetSection("Kms").Bind(options));
builder.Services.AddDataProtection()
    .SetApplicationName("sample")
    .PersistKeysToFileSystem(Directory.CreateDirectory("sample-key-ring"))
    .ProtectKeysWithKms(options => options.KeyId = Alias);
var app = builder.Build();
await EnsureAlias(app.Services.GetRequiredService<KmsClient>());

var protector = app.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("notes");
app.MapGet("/protect", (string text) => protector.Protect(text));
app.MapGet("/unprotect", (string text) =>
{
    try { return Results.Text(protector.Unprotect(text)); }
    catch (CryptographicException) { return Results.BadRequest("This was not protected here."); }
});
app.Run();

static async Task EnsureAlias(KmsClient kms)
{
    try { await kms.Key(Alias).Id(); }
    catch (KmsException e) when (e.Code == KmsErrorCode.AliasNotFound)
    {
        var accountId = await kms.AccountId();
        var made = await (await kms.Grain<IDirectoryGrain>(accountId)).CreateKey(new(KeySpec.Aes256, KeyUsage.EncryptDecrypt, KeyOrigin.Kms, ProtectionLevel.Software, "sample DataProtection"));
        await (await kms.Grain<IAliasGrain>(AliasName.GrainKey(accountId, Alias))).Create(made.KeyId);
    }
}
