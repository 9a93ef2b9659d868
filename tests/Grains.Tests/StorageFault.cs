using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Orleans.Kms.Grains.Tests;

/// <summary>Makes writes of grain storage fail while it is active.</summary>
internal sealed class StorageFault
{
    public volatile bool Active;

    /// <summary>Whether what is said to have failed is stored all the same.</summary>
    public bool Lands;

    /// <summary>Puts itself before a silo's grain storage.</summary>
    public void Wrap(ISiloBuilder silo)
    {
        var inner = silo.Services.Last(service => service.ServiceType == typeof(IGrainStorage) && Equals(service.ServiceKey, StorageNames.Grains));
        silo.Services.AddKeyedSingleton<IGrainStorage>(
            StorageNames.Grains, (services, name) => new FailingStorage((IGrainStorage)inner.KeyedImplementationFactory!(services, name), this));
    }

    private sealed class FailingStorage(IGrainStorage inner, StorageFault fault) : IGrainStorage
    {
        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ReadStateAsync(stateName, grainId, grainState);

        public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            if (!fault.Active || fault.Lands) await inner.WriteStateAsync(stateName, grainId, grainState);
            if (fault.Active) throw new IOException("The disk is full.");
        }

        public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            if (!fault.Active || fault.Lands) await inner.ClearStateAsync(stateName, grainId, grainState);
            if (fault.Active) throw new IOException("The disk is full.");
        }
    }
}
