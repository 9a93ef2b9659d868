using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Orleans.Kms.Gateway.Telemetry;

/// <summary>
/// The span of one request. It begins a trace of its own, whatever the caller says: callers should neither switch traces off nor on. The trace that a caller names in <c>traceparent</c> is linked.
/// </summary>
internal static class RequestTrace
{
    /// <summary>The source of these spans.</summary>
    public const string SourceName = "Orleans.Kms";

    /// <summary>The id in the answer.</summary>
    public const string RequestIdTag = "kms.request_id";

    /// <summary>The action that was called; a fixed word until it is known to exist.</summary>
    public const string ActionTag = "kms.action";

    /// <summary>The code of the answer.</summary>
    public const string CodeTag = "kms.code";

    /// <summary>The status of the answer.</summary>
    public const string StatusTag = "http.response.status_code";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Begins the span; null if nobody listens.</summary>
    public static Activity? Begin(HttpContext http, string requestId)
    {
        if (!Source.HasListeners()) return null;
        Activity.Current = null;
        var links = ActivityContext.TryParse(http.Request.Headers.TraceParent, null, isRemote: true, out var caller) ? new[] { new ActivityLink(caller) } : [];
        return Source.StartActivity(ActivityKind.Server, default, [new(RequestIdTag, requestId)], links, name: "request");
    }

    /// <summary>Tells how the request ended.</summary>
    public static void End(this Activity span, string action, string code, int status)
    {
        span.DisplayName = action;
        span.SetTag(ActionTag, action).SetTag(CodeTag, code).SetTag(StatusTag, status);
        if (status >= StatusCodes.Status500InternalServerError) span.SetStatus(ActivityStatusCode.Error);
    }
}
