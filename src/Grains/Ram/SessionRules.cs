using Orleans.Kms.Grains.Ram.Policies;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Ram;

/// <summary>What a session may be like.</summary>
internal static class SessionRules
{
    private const int MinNameLength = 2;
    private const int MaxNameLength = 64;
    private const int MinExternalIdLength = 2;
    private const int MaxExternalIdLength = 1224;

    /// <summary>Refuses what is malformed whatever the role.</summary>
    /// <exception cref="Errors.KmsException">
    /// <c>InvalidParameter.RoleSessionName</c>, <c>.DurationSeconds</c>, <c>.PolicySize</c>, <c>.PolicyGrammar</c> or <c>.ExternalId</c>.
    /// </exception>
    public static void Check(string? sessionName, SessionSettings? settings)
    {
        if (sessionName is not { Length: >= MinNameLength and <= MaxNameLength } || !sessionName.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '@' or '_' or '-'))
        {
            throw RamErrors.Invalid("RoleSessionName", "The parameter RoleSessionName is not valid: 2 to 64 letters, digits and . @ _ -.");
        }
        if (settings is null) throw RamErrors.Invalid("DurationSeconds", "The parameter DurationSeconds is not valid.");
        Duration(settings.DurationSeconds, RamRole.MaxMaxSessionDuration, "or less if the role's MaxSessionDuration is less");
        if (settings.Policy is { } policy) Check(policy);
        if (settings.ExternalId is { } external && external.Length is < MinExternalIdLength or > MaxExternalIdLength)
        {
            throw RamErrors.Invalid("ExternalId", "The parameter ExternalId is not valid: 2 to 1224 characters.");
        }
    }

    /// <summary>How long the session lasts, in seconds.</summary>
    /// <exception cref="Errors.KmsException"><c>InvalidParameter.DurationSeconds</c>: below 900, or more than the role allows.</exception>
    public static int Duration(int? wanted, int longest, string reason = "the role's MaxSessionDuration")
    {
        var seconds = wanted ?? SessionSettings.DefaultDurationSeconds;
        return seconds >= SessionSettings.MinDurationSeconds && seconds <= longest
            ? seconds
            : throw RamErrors.Invalid("DurationSeconds", $"The parameter DurationSeconds is not valid: {SessionSettings.MinDurationSeconds} to {longest}, {reason}.");
    }

    private static void Check(string policy)
    {
        if (policy.Length > SessionSettings.MaxPolicyLength) throw RamErrors.Invalid("PolicySize", $"The session policy is too long: at most {SessionSettings.MaxPolicyLength} characters.");
        try { PolicyDocument.Parse(policy, SessionSettings.MaxPolicyLength); }
        catch (PolicyFormatException e) { throw RamErrors.Invalid("PolicyGrammar", $"The session policy is malformed: {e.Message}."); }
    }
}
