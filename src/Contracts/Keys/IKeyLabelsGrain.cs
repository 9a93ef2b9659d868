using Orleans.Concurrency;
using Orleans.Kms.Access;
using Orleans.Kms.Aliases;
using Orleans.Kms.Errors;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Keys;

/// <summary>The tags and aliases of one CMK. Grain key, caller token and common failures as for <see cref="IKeyGrain"/>.</summary>
[Alias("kms.key-labels")]
public interface IKeyLabelsGrain : IGrainWithStringKey
{
    /// <summary>Adds tags; a tag whose key is there already gets the new value.</summary>
    /// <param name="tags">See <see cref="Tag.CheckAll"/>.</param>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.LimitExceeded"/>: too many tags. Nothing was added then.</exception>
    [Alias("tag"), KmsAction("TagResource", ActionAccess.Write, ResourceKind.Key)]
    Task AddTags(Tag[] tags);

    /// <summary>Removes tags; keys that there are not are passed over.</summary>
    /// <param name="tagKeys">The tags' keys, at most <see cref="Tag.MaxPerCall"/>.</param>
    [Alias("untag"), KmsAction("UntagResource", ActionAccess.Write, ResourceKind.Key)]
    Task RemoveTags(string[] tagKeys);

    /// <summary>All tags, in the order in which their keys were first given; in any state of the key.</summary>
    [Alias("list-tags"), AlwaysInterleave, KmsAction("ListResourceTags", ActionAccess.Read, ResourceKind.Key)]
    Task<Tag[]> ListTags();

    /// <summary>Lists the aliases of this key in order of creation, in any state of the key.</summary>
    /// <param name="page">The page wanted.</param>
    [Alias("list-aliases"), AlwaysInterleave, KmsAction("ListAliasesByKeyId", ActionAccess.Read, ResourceKind.Key)]
    Task<AliasPage> ListAliases(PageRequest page);
}
