using Orleans.Kms.Access;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Keys;

/// <summary>Makes new versions of one CMK. Grain key, caller token and common failures as for <see cref="IKeyGrain"/>.</summary>
[Alias("kms.key-version-maker")]
public interface IKeyVersionMakerGrain : IGrainWithStringKey
{
    /// <summary>Adds a version to an asymmetric CMK. Symmetric ones get theirs by automatic rotation.</summary>
    /// <exception cref="KmsException">
    /// <see cref="KmsErrorCode.RejectedUnsupportedOperation"/>: a symmetric CMK, or less than <see cref="KeyVersion.MinDaysBetween"/> days after the last version;
    /// <see cref="KmsErrorCode.LimitExceeded"/>.
    /// </exception>
    [Alias("create-version"), ResponseTimeout("00:00:40"), KmsAction("CreateKeyVersion", ActionAccess.Write, ResourceKind.Key)]
    Task<KeyVersion> CreateVersion();
}
