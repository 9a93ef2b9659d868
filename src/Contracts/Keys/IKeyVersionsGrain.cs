using Orleans.Concurrency;
using Orleans.Kms.Access;
using Orleans.Kms.Errors;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Keys;

/// <summary>The key versions of one CMK and their automatic rotation. Grain key, caller token and common failures as for <see cref="IKeyGrain"/>.</summary>
[Alias("kms.key-versions")]
public interface IKeyVersionsGrain : IGrainWithStringKey
{
    /// <summary>Tells about one version, in any state of the key.</summary>
    /// <param name="versionId">UUID of the version.</param>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.KeyVersionNotFound"/>.</exception>
    [Alias("describe-version"), AlwaysInterleave, KmsAction("DescribeKeyVersion", ActionAccess.Read, ResourceKind.Key)]
    Task<KeyVersion> DescribeVersion(Guid versionId);

    /// <summary>Lists the versions in order of creation, in any state of the key. A page past the end is empty.</summary>
    /// <param name="page">The page wanted.</param>
    [Alias("list-versions"), AlwaysInterleave, KmsAction("ListKeyVersions", ActionAccess.Read, ResourceKind.Key)]
    Task<KeyVersionPage> ListVersions(PageRequest page);

    /// <summary>Turns automatic rotation on or off. If the next rotation is due already, it is made at once.</summary>
    /// <param name="interval">See <see cref="RotationInterval"/>; null turns rotation off.</param>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.RejectedUnsupportedOperation"/>: an asymmetric or imported CMK.</exception>
    [Alias("update-rotation-policy"), KmsAction("UpdateRotationPolicy", ActionAccess.Write, ResourceKind.Key)]
    Task UpdateRotationPolicy(TimeSpan? interval);
}
