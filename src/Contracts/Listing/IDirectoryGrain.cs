using Orleans.Kms.Access;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Listing;

/// <summary>The CMKs of one account; the grain key is the account id. Calls need a <see cref="CallerToken"/> of the same account.</summary>
[Alias("kms.directory")]
public interface IDirectoryGrain : IGrainWithStringKey
{
    /// <summary>Makes a CMK with its first key version. When this returns, the key is durable and listed.</summary>
    /// <exception cref="KmsException">What <see cref="KeySettings.Checked"/> refuses.</exception>
    [Alias("create-key"), KmsAction("CreateKey", ActionAccess.Write, ResourceKind.KeyContainer)]
    Task<KeyMetadata> CreateKey(KeySettings settings);

    /// <summary>Lists the account's CMKs in all states, in order of creation. A page past the end is empty.</summary>
    /// <param name="page">The page wanted.</param>
    [Alias("list-keys"), KmsAction("ListKeys", ActionAccess.Read, ResourceKind.KeyContainer)]
    Task<KeyPage> ListKeys(PageRequest page);
}
