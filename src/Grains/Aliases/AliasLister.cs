using Microsoft.Extensions.Options;
using Orleans.Kms.Aliases;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Grains.Aliases;

/// <summary>Lists aliases from the index, and asks the grains of those whose rows are touched: what a crash left behind is put right before it is shown.</summary>
internal sealed class AliasLister(AliasIndex index, IGrainFactory grains, SiloPass pass, IOptions<KmsOptions> options)
{
    private const int DropBatch = 100;

    /// <summary>One page of all aliases of an account.</summary>
    public Task<AliasPage> List(string accountId, PageRequest page) => List(accountId, () => index.Page(accountId, page));

    /// <summary>One page of the aliases of a CMK.</summary>
    public Task<AliasPage> List(string accountId, Guid keyId, PageRequest page) => List(accountId, () => index.Page(accountId, keyId, page));

    /// <summary>Removes every alias of a CMK that was destroyed.</summary>
    public async Task DropAll(string accountId, Guid keyId)
    {
        while (true)
        {
            var names = await index.NamesOf(accountId, keyId, DropBatch);
            if (names.Count == 0) return;
            foreach (var name in names) await Grain(accountId, name).Drop(keyId);
        }
    }

    private async Task<AliasPage> List(string accountId, Func<Task<(List<AliasRow> Aliases, int TotalCount)>> read)
    {
        var (rows, total) = await read();
        if (rows.Any(row => row.Touched))
        {
            await Task.WhenAll(rows.Where(row => row.Touched).Select(row => Grain(accountId, row.Name).Settle()));
            (rows, total) = await read();
        }
        return new([.. rows.Select(row => new ListedAlias(row.Name, AliasName.Arn(options.Value.RegionId, accountId, row.Name), row.KeyId))], total);
    }

    private IAliasServiceGrain Grain(string accountId, string name)
    {
        pass.Attach();
        return grains.GetGrain<IAliasServiceGrain>(AliasName.GrainKey(accountId, name));
    }
}
