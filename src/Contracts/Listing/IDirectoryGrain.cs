using Orleans.Kms.Access;
using Orleans.Kms.Aliases;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Listing;

/// <summary>The CMKs and aliases of one account; the grain key is the account id. Calls need a <see cref="CallerToken"/> of the same account.</summary>
[Alias("kms.directory")]
public interface IDirectoryGrain : IGrainWithStringKey
{
    /// <summary>Makes a CMK with its first key version. When this returns, the key is durable; it is listed, too, unless the index cannot be written just then: within minutes in that case.</summary>
    /// <exception cref="KmsException">
    /// What <see cref="KeySettings.Checked"/> refuses; <see cref="KmsErrorCode.UnsupportedProtectionLevel"/> for level HSM where the region does not offer it;
    /// <see cref="KmsErrorCode.UnsupportedOperation"/> for what the token cannot do; <see cref="KmsErrorCode.LimitExceeded"/>.
    /// </exception>
    [Alias("create-key"), ResponseTimeout("00:00:45"), KmsAction("CreateKey", ActionAccess.Write, ResourceKind.KeyContainer)]
    Task<KeyMetadata> CreateKey(KeySettings settings);

    /// <summary>Lists the account's CMKs in order of creation. A page past the end is empty.</summary>
    /// <param name="page">The page wanted.</param>
    /// <param name="filter">Which CMKs; <see cref="KeyFilter.All"/> lists those in all states.</param>
    [Alias("list-filtered-keys"), KmsAction("ListKeys", ActionAccess.Read, ResourceKind.KeyContainer)]
    Task<KeyPage> ListKeys(PageRequest page, KeyFilter filter);

    /// <summary>Lists the account's aliases in order of creation. A page past the end is empty.</summary>
    /// <param name="page">The page wanted.</param>
    [Alias("list-aliases"), KmsAction("ListAliases", ActionAccess.Read, ResourceKind.AliasContainer)]
    Task<AliasPage> ListAliases(PageRequest page);

    /// <summary>Adds tags to several CMKs.</summary>
    /// <param name="keyIds">1 to <see cref="TagQuery.MaxResources"/> CMKs.</param>
    /// <param name="tags">1 to <see cref="Tag.MaxPerCall"/> tags, see <see cref="Tag.CheckAll"/>.</param>
    /// <exception cref="KmsException">
    /// <see cref="KmsErrorCode.TagResourceNotFound"/>, <see cref="KmsErrorCode.KeyPendingDeletion"/>, <see cref="KmsErrorCode.LimitExceeded"/>: found before any CMK is
    /// changed. After a failure of another kind some may have the tags already; the same call may be repeated.
    /// </exception>
    [Alias("tag-resources"), KmsAction("TagResources", ActionAccess.Write, ResourceKind.Keys)]
    Task TagResources(Guid[] keyIds, Tag[] tags);

    /// <summary>Removes tags from several CMKs; tags that there are not are passed over.</summary>
    /// <param name="keyIds">1 to <see cref="TagQuery.MaxResources"/> CMKs.</param>
    /// <param name="tagKeys">The tags' keys, at most <see cref="Tag.MaxPerCall"/>.</param>
    /// <param name="all">Whether to remove all tags; counts only without <paramref name="tagKeys"/>.</param>
    /// <exception cref="KmsException">As for <see cref="TagResources"/>.</exception>
    [Alias("untag-resources"), KmsAction("UntagResources", ActionAccess.Write, ResourceKind.Keys)]
    Task UntagResources(Guid[] keyIds, string[] tagKeys, bool all);

    /// <summary>Lists the tags of CMKs, <see cref="TagQuery.PageSize"/> at a time.</summary>
    /// <param name="query">Which, and where the last page ended.</param>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.TagResourceNotFound"/>; <see cref="KmsErrorCode.InvalidParameter"/>.</exception>
    [Alias("list-tag-resources"), KmsAction("ListTagResources", ActionAccess.Read, ResourceKind.Keys)]
    Task<TagPage> ListTagResources(TagQuery query);

    /// <summary>Tells which kinds of CMK can be made here, at which protection level and for what.</summary>
    [Alias("describe-service"), KmsAction("DescribeService", ActionAccess.Read, ResourceKind.Service)]
    Task<OfferedKeySpec[]> DescribeService();

    /// <summary>Succeeds for every account that there is: a self-hosted service is open and knows no bills.</summary>
    [Alias("describe-status"), KmsAction("DescribeAccountKmsStatus", ActionAccess.Read, ResourceKind.Service)]
    Task DescribeStatus();

    /// <summary>Always fails, see <see cref="DescribeStatus"/>.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.AlreadyOpened"/>.</exception>
    [Alias("open-service"), KmsAction("OpenKmsService", ActionAccess.Write, ResourceKind.Service)]
    Task OpenService();
}
