using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Kms.Client.DataProtection;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Client.Tests;

/// <summary>A key ring in files, its keys under a CMK.</summary>
[Collection(ServiceTests.Name)]
public sealed class DataProtectionTests(ServiceFixture fixture) : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kms-ring-");
    private string _keyId = "";

    public async Task InitializeAsync() => _keyId = await TestService.CreateKey(fixture.Root);

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task What_one_process_protects_another_one_reads()
    {
        string text;
        await using (var first = Services()) text = Protector(first).Protect("cookie");
        await using var second = Services();
        Assert.Equal("cookie", Protector(second).Unprotect(text));

        var stored = File.ReadAllText(_folder.GetFiles().Single().FullName);
        Assert.Contains("<kmsSealedKey", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("masterKey", stored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_was_changed_is_not_used()
    {
        string text;
        await using (var first = Services()) text = Protector(first).Protect("cookie");
        var file = _folder.GetFiles().Single().FullName;
        var stored = File.ReadAllText(file);
        var at = stored.IndexOf("</kmsSealedKey>", StringComparison.Ordinal) - 20;
        File.WriteAllText(file, stored[..at] + (stored[at] == 'A' ? 'B' : 'A') + stored[(at + 1)..]);
        await using var second = Services();
        Assert.Throws<CryptographicException>(() => Protector(second).Unprotect(text));
    }

    [Fact]
    public async Task Without_permission_the_key_ring_stays_closed()
    {
        string text;
        await using (var first = Services()) text = Protector(first).Protect("cookie");
        var credentials = await TestService.CreateUser(fixture.Root, "no-ring");
        await using var second = Services(options => TestService.Use(options, credentials));
        Assert.Equal(KmsErrorCode.NoPermission, Assert.IsType<KmsException>(Assert.ThrowsAny<Exception>(() => Protector(second).Protect("cookie")).GetBaseException()).Code);
        Assert.ThrowsAny<CryptographicException>(() => Protector(second).Unprotect(text));
    }

    [Fact]
    public async Task Many_keys_are_made_and_read()
    {
        await using (var first = Services())
        {
            var keys = first.GetRequiredService<IKeyManager>();
            for (var i = 0; i < 5; i++) keys.CreateNewKey(TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddDays(90));
        }
        await using var second = Services();
        Assert.All(second.GetRequiredService<IKeyManager>().GetAllKeys(), key => Assert.NotNull(key.CreateEncryptor()));
        Assert.Equal(5, second.GetRequiredService<IKeyManager>().GetAllKeys().Count);
    }

    private static IDataProtector Protector(ServiceProvider services) => services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");

    private ServiceProvider Services(Action<KmsClientOptions>? change = null)
    {
        var services = new ServiceCollection();
        services.AddKmsClient(options =>
        {
            fixture.Service.Connect(options);
            change?.Invoke(options);
        });
        services.AddDataProtection().SetApplicationName("test").PersistKeysToFileSystem(_folder).ProtectKeysWithKms(envelope => envelope.KeyId = _keyId);
        return services.BuildServiceProvider();
    }
}
