using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Keys;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Grains.Listing;

/// <summary>The CMKs of one account. Holds nothing: makes keys through their grains and reads lists from the index.</summary>
[StatelessWorker, Reentrant]
internal sealed class DirectoryGrain(KeyIndex index, SiloPass pass, IOptions<KmsOptions> options, TimeProvider clock) : Grain, IDirectoryGrain
{
    public async Task<KeyMetadata> CreateKey(KeySettings settings)
    {
        settings.Checked();
        var (accountId, keyId) = (this.GetPrimaryKeyString(), Guid.NewGuid());
        await index.Announce(accountId, keyId, clock.GetUtcNow());
        pass.Attach();
        var metadata = await GrainFactory.GetGrain<IKeyBirthGrain>(KeyId.GrainKey(accountId, keyId)).Create(settings);
        await index.Show(accountId, keyId);
        return metadata;
    }

    public async Task<KeyPage> ListKeys(PageRequest page)
    {
        page.Checked();
        var accountId = this.GetPrimaryKeyString();
        try
        {
            var (keys, total) = await index.Page(accountId, page);
            return new([.. keys.Select(id => new ListedKey(id, KeyId.Arn(options.Value.RegionId, accountId, id)))], total);
        }
        catch (System.Data.Common.DbException e)
        {
            throw new KmsException(KmsErrorCode.ServiceUnavailable, KmsErrorCode.ServiceUnavailable.StandardMessage() + $" ({e.SqlState ?? "database"})");
        }
    }
}
