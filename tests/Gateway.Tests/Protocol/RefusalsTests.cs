using Orleans.Kms.Errors;
using Orleans.Kms.Gateway.Protocol;

namespace Orleans.Kms.Gateway.Tests.Protocol;

public sealed class RefusalsTests
{
    public static TheoryData<Exception, bool> Endings => new()
    {
        { new KmsException(KmsErrorCode.KeyNotFound), true },
        { new KmsException(KmsErrorCode.KeyNotFound).AsRecorded(), false },
        { new ApiException(400, "ValidationError", "no") { IsRecorded = true }, false },
        { new ApiException(400, "ValidationError", "no"), true },
        { new InvalidOperationException(), true },
        // What a grain whose state cannot be read answers: it never came to be called.
        { new OrleansException("Error from storage provider"), true },
        { new SiloUnavailableException(), false },
        { new TimeoutException(), false },
        { new OperationCanceledException(), false },
    };

    [Theory, MemberData(nameof(Endings))]
    public void A_call_is_recorded_unless_a_silo_did_it_or_may_have(Exception ending, bool isRecorded)
    {
        Assert.Equal(isRecorded, Refusals.IsUnrecorded(ending, "Encrypt"));
        Assert.False(Refusals.IsUnrecorded(ending, "DescribeRegions"));
    }
}
