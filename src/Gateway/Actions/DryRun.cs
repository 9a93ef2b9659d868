using Orleans.Kms.Errors;
using Orleans.Kms.Gateway.Protocol;

namespace Orleans.Kms.Gateway.Actions;

/// <summary>
/// The parameter <c>DryRun</c> of cryptographic actions. These change nothing, so a dry run is the call itself with its answer thrown away; it always fails, and its
/// code tells how the call would have ended. The API documents the codes and not their HTTP status; 400 is our choice.
/// </summary>
internal static class DryRun
{
    /// <summary>The action, able to run dry.</summary>
    public static Func<ActionCall, ValueTask> Supported(Func<ActionCall, ValueTask> handle) => call => call.Flag("DryRun") ? Run(handle, call) : handle(call);

    /// <summary>The action, which knows no dry run: whoever asks for one must not have it done.</summary>
    public static Func<ActionCall, ValueTask> Refused(Func<ActionCall, ValueTask> handle) =>
        call => call.Flag("DryRun") ? throw new KmsException(KmsErrorCode.UnsupportedOperation, "This action is not supported. It has no DryRun.") : handle(call);

    private static async ValueTask Run(Func<ActionCall, ValueTask> handle, ActionCall call)
    {
        try
        {
            await handle(call);
        }
        catch (KmsException e) when (e.Code == KmsErrorCode.NoPermission)
        {
            throw new ApiException(400, "AccessDeniedError", e.Message) { IsRecorded = e.IsRecorded };
        }
        // What is not the caller's fault tells nothing about the call.
        catch (KmsException e) when (HttpStatus.Of(e.Code) is >= 400 and < 429)
        {
            throw new ApiException(400, "ValidationError", $"{e.ApiCode}: {e.Message}") { IsRecorded = e.IsRecorded };
        }
        throw new ApiException(400, "DryRunOperationError", "Request would have succeeded, but DryRun flag is set.") { IsRecorded = true };
    }
}
