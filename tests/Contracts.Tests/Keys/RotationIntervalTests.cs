using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Contracts.Tests.Keys;

public sealed class RotationIntervalTests
{
    [Theory]
    [InlineData("7d", 604_800)]
    [InlineData("168h", 604_800)]
    [InlineData("10080m", 604_800)]
    [InlineData("604800s", 604_800)]
    [InlineData("604801s", 604_801)]
    [InlineData("730d", 63_072_000)]
    [InlineData("17520h", 63_072_000)]
    [InlineData("63072000s", 63_072_000)]
    public void Every_unit_is_read(string text, int seconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(seconds), RotationInterval.Parse(text));
        Assert.Equal($"{seconds}s", RotationInterval.Format(TimeSpan.FromSeconds(seconds)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("7")]
    [InlineData("7D")]
    [InlineData("7 d")]
    [InlineData("+7d")]
    [InlineData("-7d")]
    [InlineData("7.5d")]
    [InlineData("7w")]
    [InlineData("6d")]
    [InlineData("604799s")]
    [InlineData("731d")]
    [InlineData("63072001s")]
    [InlineData("17521h")]
    [InlineData("2147483647h")]
    [InlineData("2147483647m")]
    [InlineData("2147483647d")]
    [InlineData("2147483648s")]
    [InlineData("99999999999999999999d")]
    public void What_is_no_interval_is_refused(string text)
    {
        var error = Assert.Throws<KmsException>(() => RotationInterval.Parse(text));
        Assert.Equal((KmsErrorCode.InvalidParameter, "The specified parameter RotationInterval is not valid."), (error.Code, error.Message));
    }
}
