using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Kms.Aliases;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Aliases;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Keys;
using Orleans.Kms.Grains.Quotas;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Grains.Listing;

/// <summary>The CMKs and aliases of one account. Holds nothing: works through their grains and reads lists from the index.</summary>
[StatelessWorker, Reentrant]
internal sealed partial class DirectoryGrain(
    KeyIndex index, TagIndex tags, TouchedRows touchedRows, AliasLister aliases, TokenCapabilities token, SiloPass pass, IOptions<KmsOptions> options, TimeProvider clock, ILogger<DirectoryGrain> logger)
    : Grain, IDirectoryGrain
{
    private string AccountId => this.GetPrimaryKeyString();

    private Quota Quota => Quota.Of(options.Value.Quotas, AccountId);

    private bool OffersHsm => options.Value.OffersHsm;

    public async Task<KeyMetadata> CreateKey(KeySettings settings)
    {
        if (settings is null) throw KmsException.InvalidParameter("KeySpec");
        settings.Checked();
        if (settings.ProtectionLevel == ProtectionLevel.Hsm) RequireHsm(settings.Spec);
        if (settings.Tags is { } wanted && wanted.Length > Quota.TagsPerKey) throw KmsException.LimitExceeded("tags of one key");
        var keyId = Guid.NewGuid();
        var @class = new KeyClass(settings.FirstState(), settings.Spec, settings.Usage, settings.ProtectionLevel);
        if (!await index.Announce(AccountId, keyId, @class, clock.GetUtcNow(), Quota)) throw KmsException.LimitExceeded("keys or key versions");
        try
        {
            return await Key(keyId).Create(settings);
        }
        catch
        {
            await SettleFailed(keyId);
            throw;
        }
    }

    public Task<KeyPage> ListKeys(PageRequest page, KeyFilter filter) => Read(async () =>
    {
        PageRequest.Check(page);
        if (filter is null) throw KmsException.InvalidParameter("Filters");
        var (keys, total) = await touchedRows.Read(
            () => index.Page(AccountId, page, filter), rows => rows.Keys.Where(key => key.Touched).Select(key => key.KeyId), id => Key(id).Settle(),
            (rows, absent) => ([.. rows.Keys.Where(key => !absent.Contains(key.KeyId))], rows.TotalCount));
        return new KeyPage([.. keys.Select(key => new ListedKey(key.KeyId, KeyId.Arn(options.Value.RegionId, AccountId, key.KeyId)))], total);
    });

    public Task<AliasPage> ListAliases(PageRequest page) => Read(() => aliases.List(AccountId, PageRequest.Check(page)));

    public async Task TagResources(Guid[] keyIds, Tag[] tags)
    {
        CheckTagged(keyIds);
        Tag.CheckAll(tags);
        await ForEach(keyIds, key => key.RequireTags(tags));
        await ForEach(keyIds, key => key.AddTags(tags));
    }

    public async Task UntagResources(Guid[] keyIds, string[] tagKeys, bool all)
    {
        CheckTagged(keyIds);
        if (tagKeys is not { Length: <= Tag.MaxPerCall }) throw KmsException.InvalidParameter("TagKey");
        if (!Array.TrueForAll(tagKeys, Tag.IsKey)) throw new KmsException(KmsErrorCode.InvalidTagKey);
        if (tagKeys.Length == 0 && !all) throw KmsException.MissingParameter("TagKey");
        await ForEach(keyIds, key => key.Require(KeyOperation.UntagResources));
        await ForEach(keyIds, key => tagKeys.Length > 0 ? key.RemoveTags(tagKeys) : key.RemoveAllTags());
    }

    public Task<TagPage> ListTagResources(TagQuery query) => Read(async () =>
    {
        if (query is null) throw KmsException.InvalidParameter("ResourceId");
        query.Checked();
        await ForEach(query.KeyIds, key => key.Require(KeyOperation.ListResourceTags));
        var (rows, nextToken) = await touchedRows.Read(
            () => tags.Page(AccountId, query), page => page.Tags.Where(row => row.Touched).Select(row => row.Tag.KeyId), id => Key(id).Settle(),
            (page, absent) => ([.. page.Tags.Where(row => !absent.Contains(row.Tag.KeyId))], page.NextToken));
        return new TagPage([.. rows.Select(row => row.Tag)], nextToken);
    });

    public Task<OfferedKeySpec[]> DescribeService() => Task.FromResult(Enum.GetValues<KeySpec>().Select(spec => new OfferedKeySpec(
        spec,
        OffersHsm && token.Offers(spec) ? [ProtectionLevel.Software, ProtectionLevel.Hsm] : [ProtectionLevel.Software],
        [.. Enum.GetValues<KeyUsage>().Where(usage => spec.Allows(usage))])).ToArray());

    public Task DescribeStatus() => Task.CompletedTask;

    public Task OpenService() => Task.FromException(new KmsException(KmsErrorCode.AlreadyOpened));

    // What the region does not offer is told before what its token lacks.
    private void RequireHsm(KeySpec spec)
    {
        if (!OffersHsm) throw new KmsException(KmsErrorCode.UnsupportedProtectionLevel);
        token.Require(spec);
    }

    private static void CheckTagged(Guid[] keyIds)
    {
        if (keyIds is not { Length: >= 1 and <= TagQuery.MaxResources }) throw KmsException.InvalidParameter("ResourceId");
    }

    private static async Task<T> Read<T>(Func<Task<T>> read)
    {
        try { return await read(); }
        catch (System.Data.Common.DbException e) { throw e.Unavailable(); }
    }

    private async Task ForEach(Guid[] keyIds, Func<IKeyServiceGrain, Task> call)
    {
        try { await Task.WhenAll(keyIds.Distinct().Select(id => call(Key(id)))); }
        catch (KmsException e) when (e.Code == KmsErrorCode.KeyNotFound) { throw new KmsException(KmsErrorCode.TagResourceNotFound); }
    }

    // A hidden row counts against the quota until it is settled; if that cannot be done now, the index is repaired later.
    private async Task SettleFailed(Guid keyId)
    {
        try { await Key(keyId).Settle(); }
        catch (Exception e) when (e is KmsException or TimeoutException or OrleansException) { LogNotSettled(logger, keyId, e.Message); }
    }

    private IKeyServiceGrain Key(Guid keyId)
    {
        pass.Attach();
        return GrainFactory.GetGrain<IKeyServiceGrain>(KeyId.GrainKey(AccountId, keyId));
    }

    [LoggerMessage(1, LogLevel.Warning, "The index row of key {KeyId}, which could not be made, is settled later: {Reason}")]
    private static partial void LogNotSettled(ILogger logger, Guid keyId, string reason);
}
