using Orleans.Kms.Errors;
using Orleans.Kms.Gateway.Actions;
using Orleans.Kms.Gateway.Protocol;

namespace Orleans.Kms.Gateway.Tests.Actions;

public sealed class DryRunTests
{
    [Theory]
    [InlineData(null, "DryRunOperationError")]
    [InlineData(KmsErrorCode.NoPermission, "AccessDeniedError")]
    [InlineData(KmsErrorCode.KeyNotFound, "ValidationError")]
    [InlineData(KmsErrorCode.KeyDisabled, "ValidationError")]
    [InlineData(KmsErrorCode.InvalidParameter, "ValidationError")]
    public async Task A_dry_run_tells_how_the_call_would_end(KmsErrorCode? ends, string code)
    {
        var error = await Assert.ThrowsAsync<ApiException>(() => Run("true", ends));
        Assert.Equal((400, code), (error.Status, error.Code));
        if (ends is { } refusal && code == "ValidationError") Assert.StartsWith(refusal.ApiCode() + ": ", error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(KmsErrorCode.ServiceUnavailable), InlineData(KmsErrorCode.Throttled), InlineData(KmsErrorCode.InternalFailure)]
    public async Task An_outage_tells_nothing_about_the_call(KmsErrorCode ends) => Assert.Equal(ends, (await Assert.ThrowsAsync<KmsException>(() => Run("TRUE", ends))).Code);

    [Theory, InlineData("false"), InlineData("False"), InlineData("")]
    public async Task Other_calls_are_just_made(string flag) => await Run(flag, null);

    [Fact]
    public async Task What_is_no_truth_value_is_refused() => Assert.Equal(KmsErrorCode.InvalidParameter, (await Assert.ThrowsAsync<KmsException>(() => Run("yes", null))).Code);

    // A dry run is the call itself: what changes something must not know it.
    [Fact]
    public async Task Cryptography_alone_can_run_dry()
    {
        var refusing = new List<string>();
        foreach (var name in ActionTable.Names)
        {
            var error = await Record.ExceptionAsync(async () => await ActionTable.Find("2016-01-20", name)!(Requests.Call(("DryRun", "true"))));
            if (error is KmsException { Code: KmsErrorCode.UnsupportedOperation }) refusing.Add(name);
        }
        Assert.Equal(
            [
                "AsymmetricDecrypt", "AsymmetricEncrypt", "AsymmetricSign", "AsymmetricVerify", "Decrypt", "Encrypt", "ExportDataKey", "GenerateAndExportDataKey", "GenerateDataKey",
                "GenerateDataKeyWithoutPlaintext", "ReEncrypt",
            ],
            ActionTable.Names.Except(refusing));
    }

    private static async Task Run(string flag, KmsErrorCode? ends) => await DryRun.Supported(_ => ends is { } code ? throw new KmsException(code) : default)(Requests.Call(("DryRun", flag)));
}
