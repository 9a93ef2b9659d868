using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Kms.Client;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;

var builder = Host.CreateApplicationBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
// The settings are those of KmsClientOptions, from the environment: Kms__Gateways__0, Kms__CredentialsFile and so on.
builder.Services.AddKmsClient(options => builder.Configuration.GetSection("Kms").Bind(options));
var host = builder.Build();
await using var services = (IAsyncDisposable)host;
var kms = host.Services.GetRequiredService<KmsClient>();

// Any public grain of the service; its calls carry the caller token.
var directory = await kms.Grain<IDirectoryGrain>(await kms.AccountId());
var made = await directory.CreateKey(new(KeySpec.Aes256, KeyUsage.EncryptDecrypt, KeyOrigin.Kms, ProtectionLevel.Software, "sample DirectCalls"));
Console.WriteLine($"Made {made.Arn}");

// A little, such as a password, is encrypted in the service.
var key = kms.Key(made.KeyId.ToString("D"));
var context = EncryptionContext.Of([new("purpose", "sample")]);
var encrypted = await key.Encrypt(Encoding.UTF8.GetBytes("a password"), context);
Console.WriteLine($"Encrypted into {encrypted.CiphertextBlob.Length} bytes");
Console.WriteLine($"Decrypted: {Encoding.UTF8.GetString((await key.Decrypt(encrypted.CiphertextBlob, context)).Plaintext)}");

// Much is encrypted here: ten thousand rows under one data key of the CMK.
using var envelope = kms.Envelope(new() { KeyId = made.KeyId.ToString("D") });
var rows = new List<byte[]>();
for (var i = 0; i < 10_000; i++) rows.Add(await envelope.Seal(Encoding.UTF8.GetBytes($"row {i}"), context));
Console.WriteLine($"Sealed {rows.Count} rows, opened: {Encoding.UTF8.GetString(await envelope.Open(rows[^1], context))}");
