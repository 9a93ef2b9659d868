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
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Grains.Listing;

/// <summary>The CMKs and aliases of one account. Holds nothing: works through their grains and reads lists from the index.</summary>
[StatelessWorker, Reentrant]
internal sealed partial class DirectoryGrain(
    KeyIndex index, TagIndex tags, AliasLister aliases, TokenCapabilities token, SiloPass pass, IOptions<KmsOptions> options, TimeProvider clock, ILogger<DirectoryGrain> logger)
    : Grain, IDirectoryGrain
{
    private string AccountId => this.GetPrimaryKeyString();

    private Quota Quota => Quota.Of(options.Value.Quotas, AccountId);

    public async Task<KeyMetadata> CreateKey(KeySettings settings)
    {
        settings.Checked();
        if (settings.ProtectionLevel == ProtectionLevel.Hsm) token.Require(settings.Spec);
        if (settings.Tags is { } wanted && wanted.Length > Quota.TagsPerKey) throw KmsException.LimitExceeded("tags of one key");
        var keyId = Guid.NewGuid();
        var @class = new KeyClass(KeyState.Enabled, settings.Spec, settings.Usage, settings.ProtectionLevel);
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
        page.Checked();
        if (filter is null) throw KmsException.InvalidParameter("Filters");
        var (keys, total) = await index.Page(AccountId, page, filter);
        if (keys.Any(key => key.Touched))
        {
            await Task.WhenAll(keys.Where(key => key.Touched).Select(key => Key(key.KeyId).Settle()));
            (keys, total) = await index.Page(AccountId, page, filter);
        }
        return new KeyPage([.. keys.Select(key => new ListedKey(key.KeyId, KeyId.Arn(options.Value.RegionId, AccountId, key.KeyId)))], total);
    });

    public Task<AliasPage> ListAliases(PageRequest page) => Read(() => aliases.List(AccountId, page.Checked()));

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
        if (tagKeys.Length == 0 && !all) throw KmsException.MissingParameter("TagKey");
        await ForEach(keyIds, key => key.Require(KeyOperation.UntagResources));
        await ForEach(keyIds, key => key.RemoveTags(tagKeys.Length > 0 ? tagKeys : null));
    }

    public Task<TagPage> ListTagResources(TagQuery query) => Read(async () =>
    {
        query.Checked();
        // The keys themselves say whether they are there; a row of the index that is out of date is put right by that, too.
        await ForEach(query.KeyIds, async key =>
        {
            await key.Require(KeyOperation.ListResourceTags);
            await key.Settle();
        });
        return await tags.Page(AccountId, query);
    });

    public Task<OfferedKeySpec[]> DescribeService() => Task.FromResult(Enum.GetValues<KeySpec>().Select(spec => new OfferedKeySpec(
        spec,
        token.Offers(spec) ? [ProtectionLevel.Software, ProtectionLevel.Hsm] : [ProtectionLevel.Software],
        [.. Enum.GetValues<KeyUsage>().Where(usage => spec.Allows(usage))])).ToArray());

    public Task DescribeStatus() => Task.CompletedTask;

    public Task OpenService() => Task.FromException(new KmsException(KmsErrorCode.AlreadyOpened));

    private static void CheckTagged(Guid[] keyIds)
    {
        if (keyIds is not { Length: >= 1 and <= TagQuery.MaxResources }) throw KmsException.InvalidParameter("ResourceId");
    }

    private static async Task<T> Read<T>(Func<Task<T>> read)
    {
        try { return await read(); }
        catch (System.Data.Common.DbException e)
        {
            throw new KmsException(KmsErrorCode.ServiceUnavailable, KmsErrorCode.ServiceUnavailable.StandardMessage() + $" ({e.SqlState ?? "database"})");
        }
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
