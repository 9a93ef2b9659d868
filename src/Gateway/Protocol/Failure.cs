using Microsoft.AspNetCore.Http;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Gateway.Protocol;

/// <summary>A failure as the caller sees it.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">What clients match on.</param>
/// <param name="Message">What people read.</param>
internal readonly record struct Failure(int Status, string Code, string Message)
{
    /// <summary>What to answer when a call ended with <paramref name="exception"/>. Nothing of the inside leaves the service.</summary>
    public static Failure Of(Exception exception) => exception switch
    {
        ApiException e => new(e.Status, e.Code, e.Message),
        KmsException e => new(HttpStatus.Of(e.Code), e.Code.ApiCode(), e.Message),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Of(ApiException.TooLarge("the body is too long")),
        BadHttpRequestException => Of(ApiException.Malformed("the request is not valid HTTP")),
        // A silo that is gone, too busy or too slow; another try may find another one.
        TimeoutException or Runtime.OrleansException => Of(new KmsException(KmsErrorCode.ServiceUnavailable)),
        _ => Of(new KmsException(KmsErrorCode.InternalFailure)),
    };
}
