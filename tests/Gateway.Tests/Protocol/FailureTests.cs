using Orleans.Kms.Errors;
using Orleans.Kms.Gateway.Protocol;

namespace Orleans.Kms.Gateway.Tests.Protocol;

public sealed class FailureTests
{
    [Theory]
    [InlineData(KmsErrorCode.InvalidParameter, 400, "InvalidParameter")]
    [InlineData(KmsErrorCode.NoPermission, 403, "Forbidden.NoPermission")]
    [InlineData(KmsErrorCode.KeyNotFound, 404, "Forbidden.KeyNotFound")]
    [InlineData(KmsErrorCode.AccessKeyNotFound, 404, "InvalidAccessKeyId.NotFound")]
    [InlineData(KmsErrorCode.KeyDisabled, 409, "Rejected.Disabled")]
    [InlineData(KmsErrorCode.Throttled, 429, "Rejected.Throttling")]
    [InlineData(KmsErrorCode.ServiceUnavailable, 503, "ServiceUnavailableTemporary")]
    [InlineData(KmsErrorCode.InternalFailure, 500, "InternalFailure")]
    public void Failures_have_their_documented_status(KmsErrorCode code, int status, string apiCode)
    {
        var failure = Failure.Of(new KmsException(code));
        Assert.Equal((status, apiCode), (failure.Status, failure.Code));
    }

    [Fact]
    public void Only_a_bug_has_status_500() => Assert.Equal(
        [KmsErrorCode.InternalFailure], Enum.GetValues<KmsErrorCode>().Where(c => HttpStatus.Of(c) == 500));

    [Fact]
    public void An_outage_may_be_tried_again()
    {
        Assert.Equal(503, Failure.Of(new TimeoutException("inside")).Status);
        Assert.Equal(503, Failure.Of(new SiloUnavailableException("inside")).Status);
    }

    [Fact]
    public void Nothing_of_the_inside_leaves()
    {
        var failure = Failure.Of(new InvalidOperationException("path /secret"));
        Assert.Equal(new Failure(500, "InternalFailure", "Internal Failure."), failure);
    }
}
