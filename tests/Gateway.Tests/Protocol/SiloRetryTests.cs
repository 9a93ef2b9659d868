using Orleans.Kms.Errors;
using Orleans.Kms.Gateway.Protocol;
using Orleans.Kms.Trail;
using Orleans.Runtime.Messaging;

namespace Orleans.Kms.Gateway.Tests.Protocol;

public sealed class SiloRetryTests
{
    private static readonly SiloUnavailableException Gone = new("gone");

    [Theory]
    [InlineData("kms", "Encrypt", false)]
    [InlineData("kms", "GenerateDataKey", false)]
    [InlineData("kms", "ListKeys", false)]
    [InlineData("kms", "CreateKey", true)]
    [InlineData("kms", "DisableKey", true)]
    [InlineData("ram", "GetUser", false)]
    [InlineData("ram", "AttachPolicyToUser", true)]
    public void The_actions_that_change_something_are_those_of_the_grains(string service, string action, bool isChange) => Assert.Equal(isChange, SiloRetry.IsChange(new ApiAction(service, action)));

    // What may have been begun is repeated only if that does no harm; what certainly was not always is.
    public static TheoryData<Exception, int, bool, bool> Failures => new()
    {
        { new ConnectionFailedException("not sent"), 0, true, true },
        { Gone, 0, true, false },
        { new TimeoutException(), 8, true, false },
        { new TimeoutException(), 15, false, false },
        { new InvalidOperationException(), 0, false, false },
        { new KmsException(KmsErrorCode.ServiceUnavailable), 0, false, false },
    };

    [Theory, MemberData(nameof(Failures))]
    public void What_failed_so_is_repeated(Exception failure, int seconds, bool reading, bool changing)
    {
        Assert.Equal(reading, SiloRetry.IsUnanswered(failure, isChange: false, TimeSpan.FromSeconds(seconds)));
        Assert.Equal(changing, SiloRetry.IsUnanswered(failure, isChange: true, TimeSpan.FromSeconds(seconds)));
    }

    [Fact]
    public async Task A_call_is_repeated_until_it_is_answered()
    {
        var tries = 0;
        Assert.Equal(7, await new SiloRetry(TimeProvider.System).Repeat(Gone, isChange: false, () => ++tries < 3 ? throw Gone : new ValueTask<int>(7)));
        Assert.Equal(3, tries);
    }

    [Fact]
    public async Task What_fails_in_another_way_then_is_not_repeated_any_more()
    {
        var tries = 0;
        await Assert.ThrowsAsync<TimeoutException>(async () => await new SiloRetry(TimeProvider.System).Repeat<int>(Gone, isChange: false, () => ++tries < 2 ? throw Gone : throw new TimeoutException()));
        Assert.Equal(2, tries);
    }
}
