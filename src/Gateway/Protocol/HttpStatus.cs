using Orleans.Kms.Errors;

namespace Orleans.Kms.Gateway.Protocol;

/// <summary>The HTTP status of each failure, as the API documents it. The only place that knows statuses of <see cref="KmsErrorCode"/>.</summary>
internal static class HttpStatus
{
    /// <summary>The status that goes with <paramref name="code"/>.</summary>
    public static int Of(KmsErrorCode code) => code switch
    {
        KmsErrorCode.InvalidParameter or KmsErrorCode.MissingParameter or KmsErrorCode.UnsupportedOperation or KmsErrorCode.RejectedUnsupportedOperation => 400,
        KmsErrorCode.UnsupportedAlias or KmsErrorCode.UnsupportedProtectionLevel or KmsErrorCode.LimitExceeded => 400,
        KmsErrorCode.AccessKeyInactive or KmsErrorCode.SignatureMismatch or KmsErrorCode.NonceUsed or KmsErrorCode.TimestampExpired => 400,
        KmsErrorCode.NotAuthenticated or KmsErrorCode.AliasAlreadyExists or KmsErrorCode.KeyPolicyUnsupported or KmsErrorCode.AlreadyOpened => 400,
        KmsErrorCode.InvalidKeyMaterial or KmsErrorCode.InvalidImportToken or KmsErrorCode.ExpiredImportToken or KmsErrorCode.UnsupportedOrigin => 400,
        KmsErrorCode.DuplicateTagKey or KmsErrorCode.InvalidTagKey or KmsErrorCode.InvalidTagValue => 400,
        KmsErrorCode.InvalidRamParameter or KmsErrorCode.MalformedPolicyDocument or KmsErrorCode.InvalidSecurityToken or KmsErrorCode.UserThrottled => 400,
        KmsErrorCode.TrailAlreadyExists or KmsErrorCode.InvalidTrailName or KmsErrorCode.InvalidBucketName or KmsErrorCode.InvalidPrefix => 400,
        KmsErrorCode.InsufficientBucketPolicy or KmsErrorCode.TrailLimitExceeded => 400,
        KmsErrorCode.NoPermission or KmsErrorCode.InstanceNotFound or KmsErrorCode.RamNoPermission => 403,
        KmsErrorCode.KeyNotFound or KmsErrorCode.KeyVersionNotFound or KmsErrorCode.AliasNotFound or KmsErrorCode.AccessKeyNotFound => 404,
        KmsErrorCode.ResourceNotFound or KmsErrorCode.TagResourceNotFound or KmsErrorCode.CertificateNotFound or KmsErrorCode.EntityNotExist or KmsErrorCode.TrailNotFound => 404,
        KmsErrorCode.KeyDisabled or KmsErrorCode.KeyPendingDeletion or KmsErrorCode.KeyPendingImport or KmsErrorCode.StateModificationFailed => 409,
        KmsErrorCode.EntityAlreadyExists or KmsErrorCode.DeleteConflict or KmsErrorCode.EntityLimitExceeded => 409,
        KmsErrorCode.Throttled => 429,
        KmsErrorCode.ServiceUnavailable => 503,
        _ => 500,
    };
}
