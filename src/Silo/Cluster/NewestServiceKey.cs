using System.Data.Common;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Silo.Cluster;

/// <summary>Reads once more which root key counts, when the others know that this silo serves: what was changed before that it was not told, and what is changed after that it is.</summary>
internal sealed class NewestServiceKey(DbDataSource database, ServiceKey? serviceKey = null) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(NewestServiceKey), ServiceLifecycleStage.Active, stop => Task.Run(Read, stop));

    // Without a token it is in memory, and the root key wraps nothing else.
    private void Read()
    {
        if (serviceKey is null || new ServiceSecrets(database).Find(ServiceSecrets.ServiceKey) is not { } found || found.RootKeyVersion == serviceKey.Wrapped.RootKeyVersion) return;
        serviceKey.Replace(new(found.RootKeyVersion, found.Value));
    }
}
