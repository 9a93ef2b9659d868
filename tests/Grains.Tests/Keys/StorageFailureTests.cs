using Orleans.Kms.Errors;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Grains.Tests.Keys;

/// <summary>Writes that fail, and writes that land although they say that they failed.</summary>
[Collection(TokenTests.Name)]
public sealed class StorageFailureTests(TokenFixture token)
{
    [Theory, InlineData(false, KeyState.Enabled), InlineData(true, KeyState.Disabled)]
    public async Task After_a_failed_write_the_stored_state_counts(bool lands, KeyState expected)
    {
        var fault = new StorageFault { Lands = lands };
        await using var kms = await TestKms.Start(token, token.NewFolder(), fault.Wrap);
        var key = await kms.CreateKey();
        fault.Active = true;
        var error = await Assert.ThrowsAsync<KmsException>(key.Disable);
        Assert.Equal((KmsErrorCode.ServiceUnavailable, KmsErrorCode.ServiceUnavailable.StandardMessage()), (error.Code, error.Message));
        fault.Active = false;
        await kms.Deactivate(key);
        Assert.Equal(expected, (await key.Describe()).State);
        var outcome = await Record.ExceptionAsync(async () => await key.Encrypt([1], EncryptionContext.Empty));
        Assert.Equal(expected == KeyState.Disabled, outcome is KmsException { Code: KmsErrorCode.KeyDisabled });
    }

    [Fact]
    public async Task A_key_that_could_not_be_stored_is_not_listed()
    {
        var fault = new StorageFault();
        await using var kms = await TestKms.Start(token, token.NewFolder(), fault.Wrap);
        fault.Active = true;
        Assert.Equal(KmsErrorCode.ServiceUnavailable, (await Assert.ThrowsAsync<KmsException>(() => kms.CreateKey())).Code);
        kms.SignIn();
        Assert.Equal(0, (await kms.Directory().ListKeys(new(1, 10), KeyFilter.All)).TotalCount);
    }

    // The lists hear of a change before it is made: a write that failed and landed all the same is not passed over.
    [Fact]
    public async Task Lists_follow_a_change_that_landed_although_its_write_failed()
    {
        var fault = new StorageFault { Lands = true };
        await using var kms = await TestKms.Start(token, token.NewFolder(), fault.Wrap);
        var key = await kms.CreateKey();
        var id = (await key.Describe()).KeyId;
        await kms.Alias("alias/moved").Create(id);
        await kms.Alias("alias/gone").Create(id);
        var other = await kms.CreateKey();
        var otherId = (await other.Describe()).KeyId;
        fault.Active = true;
        await Unavailable(key.Disable);
        await Unavailable(() => kms.Alias("alias/moved").Update(otherId));
        await Unavailable(kms.Alias("alias/gone").Delete);
        fault.Active = false;
        foreach (var grain in new IAddressable[] { key, kms.Alias("alias/moved"), kms.Alias("alias/gone") }) await kms.Deactivate(grain);
        Assert.Equal(otherId, (await kms.Directory().ListKeys(new(1, 10), new([KeyState.Enabled], null, null, null))).Keys.Single().KeyId);
        Assert.Equal(id, (await kms.Directory().ListKeys(new(1, 10), new([KeyState.Disabled], null, null, null))).Keys.Single().KeyId);
        var listed = await kms.Directory().ListAliases(new(1, 10));
        Assert.Equal((1, "alias/moved", otherId), (listed.TotalCount, listed.Aliases.Single().Name, listed.Aliases.Single().KeyId));
    }

    private static async Task Unavailable(Func<Task> call) => Assert.Equal(KmsErrorCode.ServiceUnavailable, (await Assert.ThrowsAsync<KmsException>(call)).Code);
}
