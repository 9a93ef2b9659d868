using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>How a call failed, as its answer tells.</summary>
/// <param name="Code">The code.</param>
/// <param name="Message">The message.</param>
internal readonly record struct EventFailure(string? Code, string? Message)
{
    // What follows in the message quotes the whole request.
    private const string QuoteMark = "server string to sign";

    /// <summary>The message as far as it may be recorded.</summary>
    public string? Recorded => Message?.IndexOf(QuoteMark, StringComparison.OrdinalIgnoreCase) is { } quote and >= 0 ? Message[..quote].TrimEnd() : Message;

    /// <summary>A call's failure; null if it has not failed. The other services have codes of their own for outages.</summary>
    public static EventFailure? Of(KmsException? failure, EventService service) => failure switch
    {
        null => null,
        { Code: KmsErrorCode.InternalFailure } when service != EventService.Kms => new("InternalError", failure.Message),
        { Code: KmsErrorCode.ServiceUnavailable } when service != EventService.Kms => new("ServiceUnavailable", failure.Message),
        { Code: KmsErrorCode.Throttled } when service != EventService.Kms => Of(new KmsException(KmsErrorCode.UserThrottled), service),
        _ => new(failure.ApiCode, failure.Message),
    };
}
