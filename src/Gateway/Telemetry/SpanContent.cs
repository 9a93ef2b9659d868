using System.Collections.Frozen;
using System.Diagnostics;
using OpenTelemetry;

namespace Orleans.Kms.Gateway.Telemetry;

/// <summary>
/// Takes out of spans what is not known to be harmless, before they are sent. Whoever reads traces need not be allowed to read what is encrypted, and the text of an exception may quote a call's parameters.
/// </summary>
internal sealed class SpanContent : BaseProcessor<Activity>
{
    private static readonly FrozenSet<string> Harmless = new[]
    {
        RequestTrace.RequestIdTag, RequestTrace.ActionTag, RequestTrace.CodeTag, RequestTrace.StatusTag,
        "rpc.system", "rpc.service", "rpc.method", "rpc.orleans.target_id", "rpc.orleans.source_id", "exception.type", "exception.escaped",
    }.ToFrozenSet();

    public override void OnEnd(Activity data)
    {
        // A list of its own: the tags are taken out of what it goes through.
        foreach (var name in data.TagObjects.Select(tag => tag.Key).Where(name => !Harmless.Contains(name)).ToArray()) data.SetTag(name, null);
        if (data.StatusDescription is not null) data.SetStatus(data.Status);
        data.TraceStateString = null;
        // Events cannot be taken out: what has some is not sent.
        if (data.Events.Any()) data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
