namespace Orleans.Kms.Errors;

/// <summary>Why a call failed, in terms of the domain. Append only: the values travel between versions.</summary>
public enum KmsErrorCode
{
    /// <summary>A bug or an unexpected failure inside the service.</summary>
    InternalFailure = 0,
    /// <summary>A parameter is malformed or out of range; also every kind of unusable ciphertext blob.</summary>
    InvalidParameter = 1,
    /// <summary>A required parameter is absent or empty.</summary>
    MissingParameter = 2,
    /// <summary>The action, or the combination of its parameters, does not fit the key.</summary>
    UnsupportedOperation = 3,
    /// <summary>The key kind never allows this operation.</summary>
    RejectedUnsupportedOperation = 4,
    /// <summary>An alias was given where only a key id is accepted.</summary>
    UnsupportedAlias = 5,
    /// <summary>The region or service offers no key of this protection level.</summary>
    UnsupportedProtectionLevel = 6,
    /// <summary>No such CMK in the caller's account and region.</summary>
    KeyNotFound = 7,
    /// <summary>The CMK has no such version.</summary>
    KeyVersionNotFound = 8,
    /// <summary>No such alias in the caller's account and region.</summary>
    AliasNotFound = 9,
    /// <summary>The CMK is disabled.</summary>
    KeyDisabled = 10,
    /// <summary>The CMK waits for its deletion.</summary>
    KeyPendingDeletion = 11,
    /// <summary>The CMK has no key material yet.</summary>
    KeyPendingImport = 12,
    /// <summary>The CMK's state does not allow the wanted change of state.</summary>
    StateModificationFailed = 13,
    /// <summary>A quota of the account is used up.</summary>
    LimitExceeded = 14,
    /// <summary>The caller may not do this.</summary>
    NoPermission = 15,
    /// <summary>No such dedicated instance.</summary>
    InstanceNotFound = 16,
    /// <summary>Too many calls at once; a later try may succeed.</summary>
    Throttled = 17,
    /// <summary>A dependency (token, database, silo) does not answer; a later try may succeed.</summary>
    ServiceUnavailable = 18,
    /// <summary>No such access key.</summary>
    AccessKeyNotFound = 19,
    /// <summary>The access key is switched off.</summary>
    AccessKeyInactive = 20,
    /// <summary>The signature is not the one that the access key's secret gives.</summary>
    SignatureMismatch = 21,
    /// <summary>The nonce was used before.</summary>
    NonceUsed = 22,
    /// <summary>The request's time is outside the accepted window.</summary>
    TimestampExpired = 23,
    /// <summary>A grain was called without a valid caller token.</summary>
    NotAuthenticated = 24,
    /// <summary>The account has an alias of that name already.</summary>
    AliasAlreadyExists = 25,
    /// <summary>The CMK takes no key policy.</summary>
    KeyPolicyUnsupported = 26,
    /// <summary>No such key policy or secret.</summary>
    ResourceNotFound = 27,
    /// <summary>No such CMK among those that are to be tagged.</summary>
    TagResourceNotFound = 28,
    /// <summary>A tag key comes twice in one call.</summary>
    DuplicateTagKey = 29,
    /// <summary>A tag key is malformed.</summary>
    InvalidTagKey = 30,
    /// <summary>A tag value is malformed.</summary>
    InvalidTagValue = 31,
    /// <summary>The service is open for the account already.</summary>
    AlreadyOpened = 32,
    /// <summary>No such certificate.</summary>
    CertificateNotFound = 33,
    /// <summary>Imported key material does not unwrap, is of another length, or is other material than before.</summary>
    InvalidKeyMaterial = 34,
    /// <summary>An import token is malformed, or was issued for another CMK.</summary>
    InvalidImportToken = 35,
    /// <summary>An import token is older than 24 hours.</summary>
    ExpiredImportToken = 36,
    /// <summary>The operation is for CMKs of another origin.</summary>
    UnsupportedOrigin = 37,
    /// <summary>No such user, group, role, policy, policy version, access key, membership or attachment; the subject tells which.</summary>
    EntityNotExist = 38,
    /// <summary>The name is taken, or there is such a membership or attachment already; the subject tells which.</summary>
    EntityAlreadyExists = 39,
    /// <summary>Something hangs on the user, group, role or policy that is to go; the subject tells what.</summary>
    DeleteConflict = 40,
    /// <summary>A quota of RAM is used up; the subject tells of what.</summary>
    EntityLimitExceeded = 41,
    /// <summary>A parameter of RAM, STS or ActionTrail is malformed; the subject tells which one and how.</summary>
    InvalidRamParameter = 42,
    /// <summary>A policy document is not one; the message tells where and why.</summary>
    MalformedPolicyDocument = 43,
    /// <summary>The caller may not do this action of RAM, STS or ActionTrail.</summary>
    RamNoPermission = 44,
    /// <summary>The token of temporary credentials is malformed, another one's, or has ended; the subject tells which.</summary>
    InvalidSecurityToken = 45,
    /// <summary>Too many requests at once, or too many signatures that did not match; a later try may succeed.</summary>
    UserThrottled = 46,
    /// <summary>No such trail in the caller's account.</summary>
    TrailNotFound = 47,
    /// <summary>The account has a trail of that name already.</summary>
    TrailAlreadyExists = 48,
    /// <summary>The name of a trail is malformed.</summary>
    InvalidTrailName = 49,
    /// <summary>The name of a bucket is malformed.</summary>
    InvalidBucketName = 50,
    /// <summary>What the names of delivered objects are to begin with is malformed.</summary>
    InvalidPrefix = 51,
    /// <summary>The bucket is not one that the service delivers to, or cannot be written.</summary>
    InsufficientBucketPolicy = 52,
    /// <summary>The account has as many trails as it may.</summary>
    TrailLimitExceeded = 53,
}
