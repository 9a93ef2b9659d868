using System.Globalization;
using Orleans.Kms.Access;
using Orleans.Kms.Errors;
using Orleans.Kms.Gateway.Protocol;

namespace Orleans.Kms.Gateway.Signing;

/// <summary>Rules that both signature versions share.</summary>
internal static class CommonChecks
{
    private const int MaxAccessKeyIdLength = 128;
    private const string TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>The value, or the failure that it is missing.</summary>
    public static string Required(string? value, string parameter) => string.IsNullOrEmpty(value) ? throw ApiException.Missing(parameter) : value;

    /// <summary>Reads a request's time, <c>yyyy-MM-ddTHH:mm:ssZ</c>. Whether it is in the window is the access key grain's decision.</summary>
    public static DateTimeOffset Timestamp(string text) =>
        DateTimeOffset.TryParseExact(text, TimestampFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new ApiException(400, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted.");

    /// <summary>Refuses a nonce that is too long to be kept.</summary>
    public static string Nonce(string nonce) => nonce.Length <= SignedRequest.MaxNonceLength ? nonce : throw KmsException.InvalidParameter("SignatureNonce");

    /// <summary>Refuses a security token that is longer than any that was ever issued.</summary>
    public static string? SecurityToken(string? token) => token is { Length: > SignedRequest.MaxSecurityTokenLength }
        ? throw new KmsException(KmsErrorCode.InvalidSecurityToken) { Subject = "Malformed" }
        : token;

    /// <summary>Refuses what cannot be the id of an access key, and a temporary one without its token.</summary>
    public static string AccessKeyId(string id, bool hasSecurityToken)
    {
        if (id.Length > MaxAccessKeyIdLength || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')) throw new KmsException(KmsErrorCode.AccessKeyNotFound);
        return id.StartsWith("STS.", StringComparison.Ordinal) && !hasSecurityToken ? throw ApiException.Missing("SecurityToken") : id;
    }
}
