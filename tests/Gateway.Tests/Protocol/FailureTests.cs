using Orleans.Kms.Errors;
using Orleans.Kms.Gateway.Protocol;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Gateway.Tests.Protocol;

public sealed class FailureTests
{
    /// <summary>The documented table of errors, row by row.</summary>
    public static TheoryData<KmsErrorCode, int, string> Rows => new()
    {
        { KmsErrorCode.InternalFailure, 500, "InternalFailure" },
        { KmsErrorCode.InvalidParameter, 400, "InvalidParameter" },
        { KmsErrorCode.MissingParameter, 400, "MissingParameter" },
        { KmsErrorCode.UnsupportedOperation, 400, "UnsupportedOperation" },
        { KmsErrorCode.RejectedUnsupportedOperation, 400, "Rejected.UnsupportedOperation" },
        { KmsErrorCode.UnsupportedAlias, 400, "Unsupported.Alias" },
        { KmsErrorCode.UnsupportedProtectionLevel, 400, "Unsupported.ProtectionLevel" },
        { KmsErrorCode.KeyNotFound, 404, "Forbidden.KeyNotFound" },
        { KmsErrorCode.KeyVersionNotFound, 404, "Forbidden.KeyVersionNotFound" },
        { KmsErrorCode.AliasNotFound, 404, "Forbidden.AliasNotFound" },
        { KmsErrorCode.KeyDisabled, 409, "Rejected.Disabled" },
        { KmsErrorCode.KeyPendingDeletion, 409, "Rejected.PendingDeletion" },
        { KmsErrorCode.KeyPendingImport, 409, "Rejected.PendingImport" },
        { KmsErrorCode.StateModificationFailed, 409, "Rejected.StateModifiedFailed" },
        { KmsErrorCode.LimitExceeded, 400, "Rejected.LimitExceeded" },
        { KmsErrorCode.NoPermission, 403, "Forbidden.NoPermission" },
        { KmsErrorCode.InstanceNotFound, 403, "Forbidden.DKMSInstanceNotFound" },
        { KmsErrorCode.Throttled, 429, "Rejected.Throttling" },
        { KmsErrorCode.ServiceUnavailable, 503, "ServiceUnavailableTemporary" },
        { KmsErrorCode.AccessKeyNotFound, 404, "InvalidAccessKeyId.NotFound" },
        { KmsErrorCode.AccessKeyInactive, 400, "InvalidAccessKeyId.Inactive" },
        { KmsErrorCode.SignatureMismatch, 400, "SignatureDoesNotMatch" },
        { KmsErrorCode.NonceUsed, 400, "SignatureNonceUsed" },
        { KmsErrorCode.TimestampExpired, 400, "InvalidTimeStamp.Expired" },
        { KmsErrorCode.NotAuthenticated, 400, "MissingSecurityToken" },
        { KmsErrorCode.AliasAlreadyExists, 400, "AliasAlreadyExists" },
        { KmsErrorCode.KeyPolicyUnsupported, 400, "Forbidden.KeyPolicyUnSupported" },
        { KmsErrorCode.ResourceNotFound, 404, "Forbidden.ResourceNotFound" },
        { KmsErrorCode.TagResourceNotFound, 404, "InvalidResourceId.NotFound" },
        { KmsErrorCode.DuplicateTagKey, 400, "Duplicate.TagKey" },
        { KmsErrorCode.InvalidTagKey, 400, "InvalidParameter.TagKey" },
        { KmsErrorCode.InvalidTagValue, 400, "InvalidParameter.TagValue" },
        { KmsErrorCode.AlreadyOpened, 400, "Forbidden.Opened" },
        { KmsErrorCode.CertificateNotFound, 404, "Certificate.NotFound" },
        { KmsErrorCode.InvalidKeyMaterial, 400, "InvalidKeyMaterial" },
        { KmsErrorCode.InvalidImportToken, 400, "InvalidImportToken" },
        { KmsErrorCode.ExpiredImportToken, 400, "ExpiredImportToken" },
        { KmsErrorCode.UnsupportedOrigin, 400, "Unsupported.Origin" },
        { KmsErrorCode.EntityNotExist, 404, "EntityNotExist" },
        { KmsErrorCode.EntityAlreadyExists, 409, "EntityAlreadyExists" },
        { KmsErrorCode.DeleteConflict, 409, "DeleteConflict" },
        { KmsErrorCode.EntityLimitExceeded, 409, "LimitExceeded" },
        { KmsErrorCode.InvalidRamParameter, 400, "InvalidParameter" },
        { KmsErrorCode.MalformedPolicyDocument, 400, "MalformedPolicyDocument" },
        { KmsErrorCode.RamNoPermission, 403, "NoPermission" },
        { KmsErrorCode.InvalidSecurityToken, 400, "InvalidSecurityToken" },
        { KmsErrorCode.UserThrottled, 400, "Throttling.User" },
        { KmsErrorCode.TrailNotFound, 404, "TrailNotFoundException" },
        { KmsErrorCode.TrailAlreadyExists, 400, "TrailAlreadyExistsException" },
        { KmsErrorCode.InvalidTrailName, 400, "InvalidTrailNameException" },
        { KmsErrorCode.InvalidBucketName, 400, "InvalidBucketNameException" },
        { KmsErrorCode.InvalidPrefix, 400, "InvalidPrefixException" },
        { KmsErrorCode.InsufficientBucketPolicy, 400, "InsufficientBucketPolicyException" },
        { KmsErrorCode.TrailLimitExceeded, 400, "MaximumNumberOfTrailsExceededException" },
    };

    // What RAM, STS and ActionTrail spell otherwise.
    private static readonly Dictionary<KmsErrorCode, (int Status, string Code)> OfOtherApis = new()
    {
        [KmsErrorCode.InternalFailure] = (500, "InternalError"),
        [KmsErrorCode.ServiceUnavailable] = (503, "ServiceUnavailable"),
        [KmsErrorCode.Throttled] = (400, "Throttling.User"),
    };

    [Theory, MemberData(nameof(Rows))]
    public void Failures_have_their_documented_status(KmsErrorCode code, int status, string apiCode)
    {
        var failure = Failure.Of(new KmsException(code), "2016-01-20");
        Assert.Equal((status, apiCode), (failure.Status, failure.Code));
        Assert.Equal(failure, Failure.Of(new KmsException(code), version: null));
    }

    [Theory, MemberData(nameof(Rows))]
    public void Other_apis_have_codes_of_their_own_for_outages(KmsErrorCode code, int status, string apiCode)
    {
        var expected = OfOtherApis.GetValueOrDefault(code, (status, apiCode));
        foreach (var version in new[] { "2015-05-01", "2015-04-01", "2020-07-06", "2017-12-04" })
        {
            var failure = Failure.Of(new KmsException(code), version);
            Assert.Equal(expected, (failure.Status, failure.Code));
        }
    }

    [Theory, InlineData("2016-01-20"), InlineData("2015-05-01"), InlineData(null)]
    public void A_subject_is_part_of_the_code(string? version) => Assert.Equal(
        new Failure(404, "EntityNotExist.User.Policy", "The user alice does not have the policy."),
        Failure.Of(RamErrors.NotExist(RamErrors.UserPolicy, "The user alice does not have the policy."), version));

    [Fact]
    public void Every_code_has_a_row() => Assert.Equal(Enum.GetValues<KmsErrorCode>().Order(), Rows.Select(row => (KmsErrorCode)row[0]!).Order());

    [Fact]
    public void Only_a_bug_has_status_500() => Assert.Equal(
        [KmsErrorCode.InternalFailure], Enum.GetValues<KmsErrorCode>().Where(c => HttpStatus.Of(c) == 500));

    [Fact]
    public void An_outage_may_be_tried_again()
    {
        Assert.Equal((503, "ServiceUnavailableTemporary"), StatusAndCode(new TimeoutException("inside"), "2016-01-20"));
        Assert.Equal((503, "ServiceUnavailableTemporary"), StatusAndCode(new SiloUnavailableException("inside"), version: null));
        Assert.Equal((503, "ServiceUnavailableTemporary"), StatusAndCode(new Npgsql.NpgsqlException("inside"), "2016-01-20"));
        Assert.Equal((503, "ServiceUnavailable"), StatusAndCode(new TimeoutException("inside"), "2015-05-01"));
    }

    [Fact]
    public void Nothing_of_the_inside_leaves()
    {
        var bug = new InvalidOperationException("path /secret");
        Assert.Equal(new Failure(500, "InternalFailure", "Internal Failure."), Failure.Of(bug, "2016-01-20"));
        Assert.Equal(new Failure(500, "InternalError", "Internal Failure."), Failure.Of(bug, "2015-04-01"));
    }

    private static (int Status, string Code) StatusAndCode(Exception exception, string? version)
    {
        var failure = Failure.Of(exception, version);
        return (failure.Status, failure.Code);
    }
}
