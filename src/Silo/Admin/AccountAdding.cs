using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Ram;
using Orleans.Kms.Silo.Embedded;

namespace Orleans.Kms.Silo.Admin;

/// <summary>The service's side of <see cref="AddAccount"/>.</summary>
internal sealed class AccountAdding(IGrainFactory grains, SiloPass pass, TimeProvider clock, string regionId)
{
    /// <summary>Makes a root access key, durably; gives its credentials as JSON on one line.</summary>
    public async Task<string> Run(string accountId, string endpoint)
    {
        var pair = NewAccessKeyPair.Generate();
        pass.Attach();
        await grains.GetGrain<IRamServiceGrain>(accountId).ListRootAccessKey(pair.AccessKeyId, clock.GetUtcNow());
        await pair.Issue(grains.GetGrain<IAccessKeyServiceGrain>(pair.AccessKeyId), accountId, userId: null);
        return new Credentials(pair.AccessKeyId, pair.Secret, accountId, regionId, endpoint).ToJson();
    }
}
