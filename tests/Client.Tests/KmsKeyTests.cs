using Orleans.Kms.Access;
using Orleans.Kms.Aliases;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Client.Tests;

/// <summary>Calls of a CMK over a real connection.</summary>
[Collection(ServiceTests.Name)]
public sealed class KmsKeyTests(ServiceFixture fixture)
{
    private static readonly EncryptionContext Context = EncryptionContext.Of([new("tenant", "7")]);

    [Fact]
    public async Task What_is_encrypted_is_decrypted_under_the_same_context_only()
    {
        var key = fixture.Root.Key(await TestService.CreateKey(fixture.Root));
        var encrypted = await key.Encrypt([1, 2, 3], Context);
        Assert.Equal([1, 2, 3], (await key.Decrypt(encrypted.CiphertextBlob, Context)).Plaintext);
        await ServiceFixture.AssertFails(KmsErrorCode.InvalidParameter, () => key.Decrypt(encrypted.CiphertextBlob, EncryptionContext.Empty));
        Assert.Equal(encrypted.KeyVersionId, (await key.Describe()).PrimaryVersion);
    }

    [Fact]
    public async Task Data_keys_come_as_bytes()
    {
        var key = fixture.Root.Key(await TestService.CreateKey(fixture.Root));
        byte[] plaintext;
        using (var made = await key.GenerateDataKey(32, Context))
        {
            plaintext = [.. made.Plaintext];
            Assert.Equal(32, plaintext.Length);
            Assert.Equal(plaintext, await key.DecryptDataKey(made.CiphertextBlob, Context));
            made.Dispose();
            Assert.Equal(new byte[32], made.Plaintext);
        }
        var hidden = await key.GenerateDataKeyWithoutPlaintext(16, Context);
        Assert.Equal(16, (await key.DecryptDataKey(hidden.CiphertextBlob, Context)).Length);
    }

    [Fact]
    public async Task An_alias_is_followed_when_it_moves()
    {
        var (first, second) = (await TestService.CreateKey(fixture.Root), await TestService.CreateKey(fixture.Root));
        var alias = await fixture.Root.Grain<IAliasGrain>(AliasName.GrainKey(TestService.Account, "alias/moving"));
        await alias.Create(Guid.Parse(first));
        var key = fixture.Root.Key("alias/moving");
        Assert.Equal(first, (await key.Id()).ToString("D"));
        await alias.Update(Guid.Parse(second));
        Assert.Equal(second, (await key.Describe()).KeyId.ToString("D"));
    }

    [Theory, InlineData(""), InlineData("alias"), InlineData("alias/"), InlineData("alias/acs/kms"), InlineData("0000"), InlineData("ABCDEF00-0000-0000-0000-000000000000")]
    public void What_names_no_key_is_refused_at_once(string name) =>
        Assert.Equal(KmsErrorCode.InvalidParameter, Assert.Throws<KmsException>(() => fixture.Root.Key(name)).Code);

    [Fact]
    public async Task Refusals_come_with_their_codes()
    {
        await ServiceFixture.AssertFails(KmsErrorCode.KeyNotFound, () => fixture.Root.Key(Guid.NewGuid().ToString("D")).Describe());
        await ServiceFixture.AssertFails(KmsErrorCode.AliasNotFound, () => fixture.Root.Key("alias/nowhere").Describe());
        var keyId = await TestService.CreateKey(fixture.Root);
        await (await fixture.Root.Grain<IKeyGrain>(KeyId.GrainKey(TestService.Account, Guid.Parse(keyId)))).Disable();
        await ServiceFixture.AssertFails(KmsErrorCode.KeyDisabled, () => fixture.Root.Key(keyId).Encrypt([1], Context));
    }

    [Fact]
    public async Task A_user_may_what_the_policies_allow()
    {
        var keyId = await TestService.CreateKey(fixture.Root);
        var credentials = await TestService.CreateUser(fixture.Root, "encrypts-only", "kms:Encrypt");
        await using var client = fixture.Service.Client(options => TestService.Use(options, credentials));
        var encrypted = await client.Key(keyId).Encrypt([1], Context);
        await ServiceFixture.AssertFails(KmsErrorCode.NoPermission, () => client.Key(keyId).Decrypt(encrypted.CiphertextBlob, Context));
        Assert.Equal(TestService.Account, await client.AccountId());
    }

    [Fact]
    public async Task Of_the_flow_of_the_application_nothing_reaches_the_service_and_no_token_stays_in_it()
    {
        var keyId = await TestService.CreateKey(fixture.Root);
        RequestContext.Set("application", "secret");
        await fixture.Root.Key(keyId).Encrypt([1], Context);
        await (await fixture.Root.Grain<IKeyGrain>(KeyId.GrainKey(TestService.Account, Guid.Parse(keyId)))).Describe();
        Assert.Null(CallerToken.Current);
        Assert.Equal("secret", RequestContext.Get("application"));
        Assert.Contains("kms.caller", fixture.Service.Arrivals.ContextKeys);
        Assert.DoesNotContain("application", fixture.Service.Arrivals.ContextKeys);
    }
}
