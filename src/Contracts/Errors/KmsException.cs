namespace Orleans.Kms.Errors;

/// <summary>A failure that the caller can act on. Any other exception from a grain is a bug or an outage.</summary>
/// <param name="code">Why the call failed.</param>
/// <param name="message">What to do about it; shown to the caller, so it tells nothing of the inside.</param>
[GenerateSerializer, Alias("kms.exception")]
public sealed class KmsException(KmsErrorCode code, string message) : Exception(message)
{
    /// <summary>A failure with the documented text of its code.</summary>
    /// <param name="code">Why the call failed.</param>
    public KmsException(KmsErrorCode code) : this(code, code.StandardMessage()) { }

    /// <summary>Why the call failed.</summary>
    [Id(0)]
    public KmsErrorCode Code { get; } = code;

    /// <summary>What of a family of codes it is, for example <c>User.Policy</c> of <see cref="KmsErrorCode.EntityNotExist"/>; null for codes that stand alone.</summary>
    [Id(1)]
    public string? Subject { get; init; }

    /// <summary>Whether the trail has the failed call already.</summary>
    [Id(2)]
    public bool IsRecorded { get; init; }

    /// <summary>The same failure of a call that the trail has.</summary>
    public KmsException AsRecorded() => new(Code, Message) { Subject = Subject, IsRecorded = true };

    /// <summary>The whole code that REST callers and the trail see, for example <c>EntityNotExist.User.Policy</c>.</summary>
    public string ApiCode => Subject is null ? Code.ApiCode() : Code == KmsErrorCode.MissingParameter ? "Missing" + Subject : $"{Code.ApiCode()}.{Subject}";

    /// <summary>The failure of a parameter whose value is malformed or out of range.</summary>
    /// <param name="parameter">The parameter's name as the API spells it.</param>
    public static KmsException InvalidParameter(string parameter) =>
        new(KmsErrorCode.InvalidParameter, $"The specified parameter {parameter} is not valid.");

    /// <summary>The failure of a required parameter that is absent or empty.</summary>
    /// <param name="parameter">The parameter's name as the API spells it.</param>
    public static KmsException MissingParameter(string parameter) =>
        new(KmsErrorCode.MissingParameter, $"The parameter \"{parameter}\" is needed but not provided.");

    /// <summary>The failure of a quota that is used up.</summary>
    /// <param name="quota">What there may be no more of.</param>
    public static KmsException LimitExceeded(string quota) =>
        new(KmsErrorCode.LimitExceeded, $"{KmsErrorCode.LimitExceeded.StandardMessage()} The quota is that of {quota}.");

    /// <summary>
    /// The one failure of every unusable ciphertext: damaged, truncated, foreign, of an unknown key or version, or presented
    /// with another encryption context. Callers cannot tell these apart.
    /// </summary>
    public static KmsException BadCiphertext() => InvalidParameter("CiphertextBlob");
}
