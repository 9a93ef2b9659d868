using System.Text.Json;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Keys;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Tests.Trail;

/// <summary>Events of real calls, as the trail has them.</summary>
[Collection(TokenTests.Name)]
public sealed class EventCallTests(TokenFixture token) : IAsyncLifetime
{
    private TestKms _kms = null!;

    public async Task InitializeAsync() => _kms = await TestKms.Start(token, token.NewFolder());

    public async Task DisposeAsync() => await _kms.DisposeAsync();

    [Fact]
    public async Task The_removal_of_an_alias_tells_the_key_that_it_pointed_to()
    {
        var key = await _kms.CreateKey();
        var keyId = (await key.Describe()).KeyId;
        await _kms.Alias("alias/orders").Create(keyId);
        await _kms.Alias("alias/orders").Delete();
        await Assert.ThrowsAsync<KmsException>(_kms.Alias("alias/orders").Delete);
        var events = await Named("DeleteAlias");
        Assert.Equal($"alias/orders;{keyId}", Recorded.Text(events[0], "resourceName"));
        Assert.StartsWith("alias/orders", Recorded.Text(events[1], "resourceName")!, StringComparison.Ordinal);
        Assert.Equal("Forbidden.AliasNotFound", Recorded.Text(events[1], "errorCode"));
    }

    [Fact]
    public async Task A_new_key_is_told_by_its_id()
    {
        var key = await _kms.CreateKey();
        var keyId = (await key.Describe()).KeyId;
        var e = Assert.Single(await Named("CreateKey"));
        Assert.Equal($"{keyId}", Recorded.Text(e, "resourceName"));
        Assert.Equal($"{keyId}", e.GetProperty("responseElements").GetProperty("KeyMetadata").GetProperty("KeyId").GetString());
    }

    [Fact]
    public async Task What_a_caller_sends_of_the_names_of_keys_deceives_nobody()
    {
        var key = await _kms.CreateKey();
        var keyId = (await key.Describe()).KeyId;
        SentKeyName.Attach("KeyId", "alias/another");
        var plaintext = EventSamples.CanaryBytes;
        var blob = (await key.Encrypt(plaintext, EncryptionContext.Of([new("order", EventSamples.Canary)]))).CiphertextBlob;
        await key.Decrypt(blob, EncryptionContext.Of([new("order", EventSamples.Canary)]));
        var e = Assert.Single(await Named("Encrypt"));
        Assert.Equal("""{"KeyId":"alias/another","EncryptionContextKeys":["order"]}""", e.GetProperty("requestParameters").GetRawText());
        Assert.Equal($"{keyId}", Recorded.Text(e, "resourceName"));
        Assert.Equal("""{"EncryptionContextKeys":["order"]}""", Assert.Single(await Named("Decrypt")).GetProperty("requestParameters").GetRawText());
        Assert.DoesNotContain(await Recorded.All(_kms), recorded => recorded.GetRawText().Contains(EventSamples.Canary, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_session_is_told_by_the_names_of_its_role_and_its_own()
    {
        _kms.SignIn();
        var role = await _kms.Roles.CreateRole("order-writer", new("""{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1000000000000001:root"]}}]}"""));
        _kms.Token("STS.one", null, new RoleSession(role.RoleId, "batch-42", null, _kms.Clock.GetUtcNow())).Attach();
        await Assert.ThrowsAsync<KmsException>(() => _kms.Users.GetUser("nobody"));
        var e = Assert.Single(await Named("GetUser"));
        var identity = e.GetProperty("userIdentity");
        Assert.Equal(("assumed-role", $"{role.RoleId}:batch-42", "order-writer:batch-42"), (Recorded.Text(identity, "type"), Recorded.Text(identity, "principalId"), Recorded.Text(identity, "userName")));
        Assert.Equal("""{"creationDate":"2026-03-01T12:00:00Z","mfaAuthenticated":"false"}""", identity.GetProperty("sessionContext").GetProperty("attributes").GetRawText());
        Assert.Equal("NoPermission", Recorded.Text(e, "errorCode"));
    }

    private async Task<List<JsonElement>> Named(string name) => [.. (await Recorded.All(_kms)).Where(e => Recorded.Text(e, "eventName") == name)];
}
