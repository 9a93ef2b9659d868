using Microsoft.AspNetCore.Http;
using Orleans.Kms.Errors;
using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Protocol;

/// <summary>A failure as the caller sees it.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">What clients match on.</param>
/// <param name="Message">What people read.</param>
internal readonly record struct Failure(int Status, string Code, string Message)
{
    /// <summary>What to answer when a call ended so. Nothing of the inside leaves the service.</summary>
    /// <param name="exception">How it ended.</param>
    /// <param name="version">The API version that was called; null if it is not known. Outages have their own codes in KMS.</param>
    public static Failure Of(Exception exception, string? version) => exception switch
    {
        ApiException e => new(e.Status, e.Code, e.Message),
        KmsException e when version is not (null or KmsActions.Version) => OfOtherApi(e),
        KmsException e => OfKms(e),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Of(ApiException.TooLarge("the body is too long"), version),
        BadHttpRequestException => Of(ApiException.Malformed("the request is not valid HTTP"), version),
        // A silo that is gone, too busy or too slow, or its database; another try may find another one. What silos say may have a type that is not known here.
        TimeoutException or Runtime.OrleansException or System.Data.Common.DbException or Serialization.UnavailableExceptionFallbackException => Of(new KmsException(KmsErrorCode.ServiceUnavailable), version),
        _ => Of(new KmsException(KmsErrorCode.InternalFailure), version),
    };

    private static Failure OfKms(KmsException e) => new(HttpStatus.Of(e.Code), e.ApiCode, e.Message);

    private static Failure OfOtherApi(KmsException e) => e.Code switch
    {
        KmsErrorCode.InternalFailure => new(500, "InternalError", e.Message),
        KmsErrorCode.ServiceUnavailable => new(503, "ServiceUnavailable", e.Message),
        KmsErrorCode.Throttled => OfKms(new(KmsErrorCode.UserThrottled)),
        _ => OfKms(e),
    };
}
