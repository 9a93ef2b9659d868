using Microsoft.Extensions.Logging;
using Net.Pkcs11Interop.Common;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>What lanes log: return codes, never data.</summary>
internal static partial class LaneLog
{
    [LoggerMessage(1, LogLevel.Warning, "The token failed in {Method} with {Code}; the session is replaced.")]
    public static partial void Fault(ILogger logger, string method, CKR code);

    [LoggerMessage(2, LogLevel.Information, "A new session on the token is open.")]
    public static partial void Reopened(ILogger logger);

    [LoggerMessage(3, LogLevel.Error, "The token is out of order: {Method} still ends with {Code} after all retries. Calls are refused until it is back.")]
    public static partial void GaveUp(ILogger logger, string method, CKR code);

    [LoggerMessage(4, LogLevel.Error, "The token cannot be used: {Reason}")]
    public static partial void Refused(ILogger logger, string reason);

    [LoggerMessage(5, LogLevel.Error, "The token refuses a call: {Method} ended with {Code}.")]
    public static partial void Unexpected(ILogger logger, string method, CKR code);

    [LoggerMessage(6, LogLevel.Error, "A lane still waits for the token while the silo stops; its thread is left behind.")]
    public static partial void Abandoned(ILogger logger);
}
