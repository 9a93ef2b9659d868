using System.Diagnostics;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Client.Tests;

/// <summary>Calls that fail, and connections that are lost or refused.</summary>
public sealed class ConnectionTests
{
    [Fact]
    public async Task What_may_pass_is_tried_again_and_what_changes_something_is_not()
    {
        await using var service = await TestService.Start();
        await using var client = service.Client();
        var key = client.Key(await TestService.CreateKey(client));
        service.Arrivals.Fail("GenerateDataKey", KmsErrorCode.ServiceUnavailable, KmsErrorCode.Throttled, KmsErrorCode.UserThrottled);
        using var made = await key.GenerateDataKey(32, EncryptionContext.Empty);
        Assert.Equal(4, service.Arrivals["GenerateDataKey"]);

        service.Arrivals.Fail("Encrypt", KmsErrorCode.KeyDisabled);
        await ServiceFixture.AssertFails(KmsErrorCode.KeyDisabled, () => key.Encrypt([1], EncryptionContext.Empty));
        Assert.Equal(1, service.Arrivals["Encrypt"]);

        service.Arrivals.Fail("Disable", KmsErrorCode.ServiceUnavailable);
        var grain = await client.Grain<IKeyGrain>(KeyId.GrainKey(TestService.Account, await key.Id()));
        await ServiceFixture.AssertFails(KmsErrorCode.ServiceUnavailable, grain.Disable);
        Assert.Equal(1, service.Arrivals["Disable"]);
    }

    [Fact]
    public async Task Tries_end_when_the_time_is_up()
    {
        await using var service = await TestService.Start();
        await using var root = service.Client();
        var keyId = await TestService.CreateKey(root);
        service.Arrivals.Fail("Encrypt", [.. Enumerable.Repeat(KmsErrorCode.Throttled, 10_000)]);
        await using var client = service.Client(options => (options.CallTimeout, options.TryTimeout) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1)));
        await client.AccountId();
        var begun = Stopwatch.StartNew();
        await ServiceFixture.AssertFails(KmsErrorCode.Throttled, () => client.Key(keyId).Encrypt([1], EncryptionContext.Empty));
        Assert.InRange(begun.Elapsed, TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(30));
        Assert.InRange(service.Arrivals["Encrypt"], 2, 30);
    }

    [Fact]
    public async Task A_caller_who_waits_no_longer_is_let_go()
    {
        await using var service = await TestService.Start();
        await using var client = service.Client();
        var keyId = await TestService.CreateKey(client);
        service.Arrivals.Fail("Encrypt", [.. Enumerable.Repeat(KmsErrorCode.Throttled, 10_000)]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.Key(keyId).Encrypt([1], EncryptionContext.Empty, patience.Token));
    }

    [Fact]
    public async Task After_a_restart_of_the_service_the_same_client_goes_on()
    {
        await using var service = await TestService.Start();
        await using var client = service.Client(Patient);
        await using var hasty = service.Client(options => (options.CallTimeout, options.TryTimeout) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)));
        var keyId = await TestService.CreateKey(client);
        var blob = (await hasty.Key(keyId).Encrypt([1, 2], EncryptionContext.Empty)).CiphertextBlob;

        await service.Stop();
        await ServiceFixture.AssertFails(KmsErrorCode.ServiceUnavailable, () => hasty.Key(keyId).Decrypt(blob, EncryptionContext.Empty));
        var waiting = client.Key(keyId).Decrypt(blob, EncryptionContext.Empty);
        await service.StartAgain();
        Assert.Equal([1, 2], (await waiting).Plaintext);
    }

    [Fact]
    public async Task A_client_may_be_there_before_the_service()
    {
        await using var service = await TestService.Start();
        string keyId;
        await using (var root = service.Client()) keyId = await TestService.CreateKey(root);
        await service.Stop();
        await using var client = service.Client(Patient);
        var waiting = client.Key(keyId).Describe();
        await service.StartAgain();
        Assert.Equal(KeyState.Enabled, (await waiting).State);
    }

    [Fact]
    public async Task Over_TLS_both_sides_show_certificates_of_the_authority()
    {
        using var certificates = new TestCertificates();
        using var others = new TestCertificates();
        await using var service = await TestService.Start(tls: certificates);
        await using var client = service.Client();
        await client.Key(await TestService.CreateKey(client)).Encrypt([1], EncryptionContext.Empty);

        // The silo does not know the client's authority; the client does not know the silo's; neither speaks TLS with one that does not.
        foreach (var (certificate, key, authority) in new[]
        {
            (others.CertificateFile, others.KeyFile, certificates.AuthorityFile), (certificates.CertificateFile, certificates.KeyFile, others.AuthorityFile), ("", "", ""),
        })
        {
            await using var refused = service.Client(options =>
            {
                (options.CertificateFile, options.KeyFile, options.AuthorityFile) = (certificate, key, authority);
                (options.CallTimeout, options.TryTimeout) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1));
            });
            await ServiceFixture.AssertFails(KmsErrorCode.ServiceUnavailable, () => refused.AccountId());
        }
    }

    [Fact]
    public async Task A_silo_whose_certificate_is_for_another_name_is_none()
    {
        using var certificates = new TestCertificates("somebody-else");
        await using var service = await TestService.Start(tls: certificates);
        await using var client = service.Client(options => (options.CallTimeout, options.TryTimeout) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1)));
        await ServiceFixture.AssertFails(KmsErrorCode.ServiceUnavailable, () => client.AccountId());
    }

    // A busy machine takes its time to start a silo.
    private static void Patient(KmsClientOptions options) => options.CallTimeout = TimeSpan.FromMinutes(3);
}
