using Microsoft.Extensions.Logging;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>Tells operators once, at start, what the service can do here and what not.</summary>
internal static partial class CapabilityLog
{
    [LoggerMessage(1, LogLevel.Information, "The token offers {Offered}; not: {Missing}.")]
    public static partial void Offers(ILogger logger, string offered, string missing);

    [LoggerMessage(2, LogLevel.Critical, "A token does not serve; the others do without it. {Reason}")]
    public static partial void DoesNotServe(ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Information, "The root keys are in {File}: there is no token, and no protection level HSM.")]
    public static partial void NoToken(ILogger logger, string file);

    [LoggerMessage(4, LogLevel.Warning, "Kms:Trail:Enabled is false: no call is recorded, and requests that came before a restart could come again.")]
    public static partial void NoTrail(ILogger logger);
}
