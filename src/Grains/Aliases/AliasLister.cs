using Microsoft.Extensions.Options;
using Orleans.Kms.Aliases;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Listing;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Grains.Aliases;

/// <summary>Lists aliases from the index, and asks the grains of those whose rows are touched: what a crash left behind is put right before it is shown.</summary>
internal sealed class AliasLister(AliasIndex index, TouchedRows touchedRows, IGrainFactory grains, SiloPass pass, IOptions<KmsOptions> options)
{
    // Done in less time than a caller who meets the key meanwhile waits.
    private const int DropBatch = 100;
    private const int AtOnce = 8;

    /// <summary>One page of all aliases of an account.</summary>
    public Task<AliasPage> List(string accountId, PageRequest page) => List(accountId, () => index.Page(accountId, page));

    /// <summary>One page of the aliases of a CMK.</summary>
    public Task<AliasPage> List(string accountId, Guid keyId, PageRequest page) => List(accountId, () => index.Page(accountId, keyId, page));

    /// <summary>Removes aliases of a CMK that was destroyed, as many as take little time; whether all are removed.</summary>
    public async Task<bool> DropSome(string accountId, Guid keyId)
    {
        var names = await index.NamesOf(accountId, keyId, DropBatch);
        foreach (var some in names.Chunk(AtOnce)) await Task.WhenAll(some.Select(name => Grain(accountId, name).Drop(keyId)));
        return names.Count < DropBatch;
    }

    private async Task<AliasPage> List(string accountId, Func<Task<(List<AliasRow> Aliases, int TotalCount)>> read)
    {
        var (rows, total) = await touchedRows.Read(
            read, page => page.Aliases.Where(row => row.Touched).Select(row => row.Name), name => Grain(accountId, name).Settle(),
            (page, absent) => ([.. page.Aliases.Where(row => !absent.Contains(row.Name))], page.TotalCount));
        return new([.. rows.Select(row => new ListedAlias(row.Name, AliasName.Arn(options.Value.RegionId, accountId, row.Name), row.KeyId))], total);
    }

    private IAliasServiceGrain Grain(string accountId, string name)
    {
        pass.Attach();
        return grains.GetGrain<IAliasServiceGrain>(AliasName.GrainKey(accountId, name));
    }
}
