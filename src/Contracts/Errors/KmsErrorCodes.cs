namespace Orleans.Kms.Errors;

/// <summary>The public API's code and standard text of each <see cref="KmsErrorCode"/>: one row each.</summary>
public static class KmsErrorCodes
{
    /// <summary>The code that REST callers and the trail see, for example <c>Rejected.Disabled</c>.</summary>
    public static string ApiCode(this KmsErrorCode code) => Row(code).ApiCode;

    /// <summary>The documented text that goes with the code when a call has nothing more precise to say.</summary>
    public static string StandardMessage(this KmsErrorCode code) => Row(code).Message;

    private static (string ApiCode, string Message) Row(KmsErrorCode code) => code switch
    {
        KmsErrorCode.InvalidParameter => ("InvalidParameter", "The specified parameter is not valid."),
        KmsErrorCode.MissingParameter => ("MissingParameter", "A required parameter is needed but not provided."),
        KmsErrorCode.UnsupportedOperation => ("UnsupportedOperation", "This action is not supported."),
        KmsErrorCode.RejectedUnsupportedOperation => ("Rejected.UnsupportedOperation", "Unsupported operation."),
        KmsErrorCode.UnsupportedAlias => ("Unsupported.Alias", "Alias is not valid for this api."),
        KmsErrorCode.UnsupportedProtectionLevel => ("Unsupported.ProtectionLevel", "This protection level is not valid for this region"),
        KmsErrorCode.KeyNotFound => ("Forbidden.KeyNotFound", "The specified Key is not found."),
        KmsErrorCode.KeyVersionNotFound => ("Forbidden.KeyVersionNotFound", "The specified Key version is not found."),
        KmsErrorCode.AliasNotFound => ("Forbidden.AliasNotFound", "The specified Alias is not found."),
        KmsErrorCode.KeyDisabled => ("Rejected.Disabled", "The request was rejected because the key state is Disabled."),
        KmsErrorCode.KeyPendingDeletion => ("Rejected.PendingDeletion", "The request was rejected because the key state is PendingDeletion."),
        KmsErrorCode.KeyPendingImport => ("Rejected.PendingImport", "The request was rejected because the key state is PendingImport."),
        KmsErrorCode.StateModificationFailed => ("Rejected.StateModifiedFailed", "Keystate modified failed."),
        KmsErrorCode.LimitExceeded => ("Rejected.LimitExceeded", "The request was rejected because user create resource limit was exceeded."),
        KmsErrorCode.NoPermission => ("Forbidden.NoPermission", "This operation is forbidden by permission system."),
        KmsErrorCode.InstanceNotFound => ("Forbidden.DKMSInstanceNotFound", "The specified DKMS Instance is not found."),
        KmsErrorCode.Throttled => ("Rejected.Throttling", "QPS Limit Exceeded"),
        KmsErrorCode.ServiceUnavailable => ("ServiceUnavailableTemporary", "Service Unavailable Temporary."),
        KmsErrorCode.AccessKeyNotFound => ("InvalidAccessKeyId.NotFound", "Specified access key is not found."),
        KmsErrorCode.AccessKeyInactive => ("InvalidAccessKeyId.Inactive", "Specified access key is disabled."),
        KmsErrorCode.SignatureMismatch => ("SignatureDoesNotMatch", "Specified signature is not matched with our calculation."),
        KmsErrorCode.NonceUsed => ("SignatureNonceUsed", "Specified signature nonce was used already."),
        KmsErrorCode.TimestampExpired => ("InvalidTimeStamp.Expired", "Specified time stamp or date value is expired."),
        KmsErrorCode.NotAuthenticated => ("MissingSecurityToken", "The call carries no valid caller token."),
        KmsErrorCode.AliasAlreadyExists => ("AliasAlreadyExists", "AliasName Already Exists."),
        KmsErrorCode.KeyPolicyUnsupported => ("Forbidden.KeyPolicyUnSupported", "The specified key does not support key policy."),
        KmsErrorCode.ResourceNotFound => ("Forbidden.ResourceNotFound", "The resource is not found."),
        KmsErrorCode.TagResourceNotFound => ("InvalidResourceId.NotFound", "The specified ResourceId is not found."),
        KmsErrorCode.DuplicateTagKey => ("Duplicate.TagKey", "The specified tagKey is duplicate."),
        KmsErrorCode.InvalidTagKey => ("InvalidParameter.TagKey", "The specified parameter is not valid."),
        KmsErrorCode.InvalidTagValue => ("InvalidParameter.TagValue", "The specified parameter is not valid."),
        KmsErrorCode.AlreadyOpened => ("Forbidden.Opened", "Your kms service has been opened."),
        KmsErrorCode.CertificateNotFound => ("Certificate.NotFound", "The specified certificate is not found."),
        KmsErrorCode.InvalidKeyMaterial => ("InvalidKeyMaterial", "key material is invalid."),
        KmsErrorCode.InvalidImportToken => ("InvalidImportToken", "import token is invalid."),
        KmsErrorCode.ExpiredImportToken => ("ExpiredImportToken", "import token is expired."),
        KmsErrorCode.UnsupportedOrigin => ("Unsupported.Origin", "This key origin is not valid for this api."),
        KmsErrorCode.EntityNotExist => ("EntityNotExist", "The specified entity does not exist."),
        KmsErrorCode.EntityAlreadyExists => ("EntityAlreadyExists", "The specified entity already exists."),
        KmsErrorCode.DeleteConflict => ("DeleteConflict", "The specified entity is in use and cannot be deleted."),
        KmsErrorCode.EntityLimitExceeded => ("LimitExceeded", "A quota is exceeded."),
        KmsErrorCode.InvalidRamParameter => ("InvalidParameter", "The specified parameter is not valid."),
        KmsErrorCode.MalformedPolicyDocument => ("MalformedPolicyDocument", "The policy document is malformed."),
        KmsErrorCode.RamNoPermission => ("NoPermission", "You are not authorized to do this action."),
        KmsErrorCode.InvalidSecurityToken => ("InvalidSecurityToken", "The specified SecurityToken is not valid."),
        KmsErrorCode.UserThrottled => ("Throttling.User", "Request was denied due to user flow control."),
        KmsErrorCode.TrailNotFound => ("TrailNotFoundException", "The specified trail does not exist."),
        KmsErrorCode.TrailAlreadyExists => ("TrailAlreadyExistsException", "The specified trail already exists."),
        KmsErrorCode.InvalidTrailName => ("InvalidTrailNameException", "A trail's name has 6 to 36 lower-case letters, digits, hyphens and underscores, and begins with a letter."),
        KmsErrorCode.InvalidBucketName => ("InvalidBucketNameException", "A bucket's name has 3 to 63 lower-case letters, digits and hyphens, and begins with a letter or digit."),
        KmsErrorCode.InvalidPrefix => ("InvalidPrefixException", "A prefix has 6 to 32 letters, digits, hyphens, slashes and underscores, and begins with a letter."),
        KmsErrorCode.InsufficientBucketPolicy => ("InsufficientBucketPolicyException", "The specified bucket cannot be written."),
        KmsErrorCode.TrailLimitExceeded => ("MaximumNumberOfTrailsExceededException", "The account has as many trails as it may."),
        _ => ("InternalFailure", "Internal Failure."),
    };
}
