using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Kms.Gateway.Protocol;

namespace Orleans.Kms.Gateway;

/// <summary>Serves the API on the path <c>/</c>.</summary>
internal sealed partial class KmsEndpoint(GrainReferences grains, IOptions<GatewayOptions> options, GatewayMetrics metrics, TimeProvider clock, ILogger<KmsEndpoint> logger)
{
    /// <summary>Answers one request, whatever happens.</summary>
    public async Task Handle(HttpContext http)
    {
        var begun = clock.GetTimestamp();
        using var exchange = new ApiExchange(http, grains, options.Value);
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
            var failure = Failure.Of(e);
            code = failure.Code;
            if (failure.Status >= 500) LogFailed(logger, exchange.Action, exchange.RequestId, code, e);
            await exchange.Fail(failure);
        }
        metrics.Answered(exchange.Action, code, clock.GetElapsedTime(begun));
    }

    [LoggerMessage(1, LogLevel.Warning, "{Action} {RequestId} failed with {Code}.")]
    private static partial void LogFailed(ILogger logger, string action, string requestId, string code, Exception exception);
}
