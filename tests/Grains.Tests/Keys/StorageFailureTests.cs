using Microsoft.Extensions.DependencyInjection;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;
using Orleans.Storage;

namespace Orleans.Kms.Grains.Tests.Keys;

/// <summary>Writes that fail, and writes that land although they say that they failed.</summary>
[Collection(TokenTests.Name)]
public sealed class StorageFailureTests(TokenFixture token)
{
    [Theory, InlineData(false, KeyState.Enabled), InlineData(true, KeyState.Disabled)]
    public async Task After_a_failed_write_the_stored_state_counts(bool lands, KeyState expected)
    {
        var fault = new Fault { Lands = lands };
        await using var kms = await TestKms.Start(token, token.NewFolder(), silo => Wrap(silo, fault));
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
        var fault = new Fault { Active = true };
        await using var kms = await TestKms.Start(token, token.NewFolder(), silo => Wrap(silo, fault));
        Assert.Equal(KmsErrorCode.ServiceUnavailable, (await Assert.ThrowsAsync<KmsException>(() => kms.CreateKey())).Code);
        kms.SignIn();
        Assert.Equal(0, (await kms.Directory().ListKeys(new(1, 10), KeyFilter.All)).TotalCount);
    }

    private static void Wrap(ISiloBuilder silo, Fault fault)
    {
        var inner = silo.Services.Last(service => service.ServiceType == typeof(IGrainStorage) && Equals(service.ServiceKey, StorageNames.Grains));
        silo.Services.AddKeyedSingleton<IGrainStorage>(
            StorageNames.Grains, (services, name) => new FailingStorage((IGrainStorage)inner.KeyedImplementationFactory!(services, name), fault));
    }

    private sealed class Fault
    {
        public volatile bool Active;
        public bool Lands;
    }

    private sealed class FailingStorage(IGrainStorage inner, Fault fault) : IGrainStorage
    {
        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ReadStateAsync(stateName, grainId, grainState);

        public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            if (!fault.Active || fault.Lands) await inner.WriteStateAsync(stateName, grainId, grainState);
            if (fault.Active) throw new IOException("The disk is full.");
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ClearStateAsync(stateName, grainId, grainState);
    }
}
