using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Kms.Errors;
using Orleans.Kms.Gateway.Protocol;
using Orleans.Kms.Gateway.Telemetry;

namespace Orleans.Kms.Gateway;

/// <summary>Serves the API on the path <c>/</c>.</summary>
internal sealed partial class KmsEndpoint(GrainReferences grains, IOptions<GatewayOptions> options, GatewayMetrics metrics, SiloRetry retry, TimeProvider clock, ILogger<KmsEndpoint> logger)
{
    /// <summary>Answers one request, whatever happens.</summary>
    public async Task Handle(HttpContext http)
    {
        var begun = clock.GetTimestamp();
        using var exchange = new ApiExchange(http, grains, options.Value, retry, clock);
        using var span = RequestTrace.Begin(http, exchange.RequestId);
        var code = "OK";
        try
        {
            await exchange.Run();
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            code = "Aborted";
        }
        catch (Exception e)
        {
            var failure = Failure.Of(e, exchange.Version);
            code = failure.Code;
            if (failure.Status >= 500) Log(exchange, code, e);
            await exchange.Fail(failure);
        }
        metrics.Answered(exchange.Action, code, clock.GetElapsedTime(begun));
        span?.End(exchange.Action, code, http.Response.StatusCode);
    }

    // An outage fails every call, and is logged where it is met. The metrics count its victims; a line for each would only fill the disk.
    private void Log(ApiExchange exchange, string code, Exception failure)
    {
        if (failure is KmsException { Code: KmsErrorCode.ServiceUnavailable }) LogUnavailable(logger, exchange.Action, exchange.RequestId);
        else if (failure is TimeoutException or Runtime.OrleansException) LogUnreached(logger, exchange.Action, exchange.RequestId, failure.GetType().Name);
        else LogFailed(logger, exchange.Action, exchange.RequestId, code, failure);
    }

    [LoggerMessage(1, LogLevel.Error, "{Action} {RequestId} failed with {Code}.")]
    private static partial void LogFailed(ILogger logger, string action, string requestId, string code, Exception exception);

    [LoggerMessage(2, LogLevel.Debug, "{Action} {RequestId} was refused: a dependency is unavailable.")]
    private static partial void LogUnavailable(ILogger logger, string action, string requestId);

    [LoggerMessage(3, LogLevel.Warning, "{Action} {RequestId} did not reach its grain: {Reason}")]
    private static partial void LogUnreached(ILogger logger, string action, string requestId, string reason);
}
