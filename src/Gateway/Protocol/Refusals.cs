using System.Text;
using Orleans.Kms.Errors;
using Orleans.Kms.Gateway.Actions;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Gateway.Protocol;

/// <summary>Has the trail record calls that were refused before they came to the grain that would have carried them out.</summary>
internal static class Refusals
{
    // The one action that leaves no event.
    private const string Unrecorded = "DescribeRegions";

    /// <summary>
    /// Whether a call that ended so is to be recorded here. Not if the silo has it; nor if its silo did not answer, for nobody knows then how far it came, and if it did anything that is recorded
    /// there. A grain that could not be activated was not called.
    /// </summary>
    public static bool IsUnrecorded(Exception exception, string action) => action != Unrecorded
        && exception is not (KmsException { IsRecorded: true } or ApiException { IsRecorded: true } or TimeoutException or Runtime.SiloUnavailableException or OperationCanceledException);

    /// <summary>Records a refusal, durably.</summary>
    public static async Task Record(ActionCall call, ApiAction action, Failure failure)
    {
        var parameters = new RecordedParameters();
        for (var i = 0; i < call.Parameters.Count; i++) parameters.Add(Encoding.UTF8.GetString(call.Parameters.Name(i)), call.Parameters.Value(i));
        await call.Grains.Refusals(call.AccountId).Record(new(action, parameters.ToArray(), failure.Code, failure.Message));
    }
}
