using Microsoft.Extensions.Logging;
using Net.Pkcs11Interop.Common;

namespace Orleans.Kms.Grains.Hsm;

/// <summary>What lanes log: return codes, never data.</summary>
internal static partial class LaneLog
{
    [LoggerMessage(1, LogLevel.Warning, "Token {Token} failed in {Method} with {Code}; the session is replaced.")]
    public static partial void Fault(ILogger logger, string token, string method, CKR code);

    [LoggerMessage(2, LogLevel.Information, "A new session on token {Token} is open.")]
    public static partial void Reopened(ILogger logger, string token);

    [LoggerMessage(3, LogLevel.Error, "Token {Token} is out of order: {Method} still ends with {Code} after all retries. It is passed over until it is back.")]
    public static partial void GaveUp(ILogger logger, string token, string method, CKR code);

    [LoggerMessage(4, LogLevel.Error, "Token {Token} cannot be used: {Reason}")]
    public static partial void Refused(ILogger logger, string token, string reason);

    [LoggerMessage(5, LogLevel.Error, "Token {Token} refuses a call: {Method} ended with {Code}.")]
    public static partial void Unexpected(ILogger logger, string token, string method, CKR code);

    [LoggerMessage(6, LogLevel.Error, "A lane still waits for token {Token} while the silo stops; its thread is left behind.")]
    public static partial void Abandoned(ILogger logger, string token);

    [LoggerMessage(7, LogLevel.Error, "Token {Token} hangs in a call. It is passed over until that returns.")]
    public static partial void Hangs(ILogger logger, string token);

    [LoggerMessage(8, LogLevel.Warning, "Token {Token} had hung in a call for {Duration}, which has returned now.")]
    public static partial void HungFor(ILogger logger, string token, TimeSpan duration);
}
