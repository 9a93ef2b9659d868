using Orleans.Kms.Aliases;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Grains.Keys;

/// <content>Tags and aliases.</content>
internal sealed partial class KeyGrain
{
    public Task AddTags(Tag[] tags) => Save(WithTags(tags));

    public Task RequireTags(Tag[] tags)
    {
        WithTags(tags);
        return Task.CompletedTask;
    }

    public Task RemoveTags(string[] tagKeys)
    {
        if (tagKeys is not { Length: <= Tag.MaxPerCall } || !Array.TrueForAll(tagKeys, Tag.IsKey)) throw KmsException.InvalidParameter("TagKeys");
        var record = RequireRecord(KeyOperation.UntagResource);
        return Save(record with { Tags = [.. record.Tags.ExceptBy(tagKeys, tag => tag.Key)] });
    }

    public Task RemoveAllTags() => Save(RequireRecord(KeyOperation.UntagResource) with { Tags = [] });

    public Task<Tag[]> ListTags() => Task.FromResult(RequireRecord(KeyOperation.ListResourceTags).Tags.ToArray());

    public Task<AliasPage> ListAliases(PageRequest page)
    {
        PageRequest.Check(page);
        RequireRecord(KeyOperation.ListAliasesByKeyId);
        return aliases.List(_accountId, _keyId, page);
    }

    private KeyRecord WithTags(Tag[] tags)
    {
        Tag.CheckAll(tags);
        var record = RequireRecord(KeyOperation.TagResource);
        var all = record.Tags.ToList();
        foreach (var tag in tags)
        {
            var place = all.FindIndex(known => known.Key == tag.Key);
            if (place < 0) all.Add(tag);
            else all[place] = tag;
        }
        // New values of tags that there are always fit, also where the quota was lowered.
        if (all.Count > record.Tags.Count && all.Count > Quota.TagsPerKey) throw KmsException.LimitExceeded("tags of one key");
        return record with { Tags = all };
    }
}
