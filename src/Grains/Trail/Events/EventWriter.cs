using System.Text.Json;

namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>Writes events: JSON, and what they are found by.</summary>
internal sealed class EventWriter(string regionId)
{
    private const int MaxUserAgentLength = 512;
    private const int MaxHostLength = 255;
    private const int MaxAddressLength = 64;

    private static readonly JsonEncodedText Version = JsonEncodedText.Encode("1");
    private static readonly JsonEncodedText Management = JsonEncodedText.Encode("Management");
    private static readonly JsonEncodedText Internal = JsonEncodedText.Encode("Internal");
    private static readonly JsonEncodedText Https = JsonEncodedText.Encode("https");
    private static readonly JsonEncodedText Http = JsonEncodedText.Encode("http");

    [ThreadStatic] private static List<TrailTerm>? _terms;

    private readonly JsonEncodedText _region = JsonEncodedText.Encode(regionId);

    /// <summary>Makes an event.</summary>
    public TrailEvent Write<T>(in EventFrame frame, T content, UsedNonce? nonce) where T : struct, IEventContent
    {
        var resources = EventResources.OfThread();
        content.FindResources(resources);
        var json = EventJson.OfThread;
        json.Start();
        byte[]? written;
        do
        {
            json.Open();
            WriteFrame(json, frame);
            json.BeginObject(EventFields.RequestParameters);
            content.WriteParameters(json);
            json.EndObject();
            content.WriteResponse(json);
            WriteEnd(json, frame, resources);
        }
        while (!json.Close(out written));
        return new(frame.Identity.AccountNumber, frame.Time, frame.Id, written, Terms(frame, resources)) { Nonce = nonce };
    }

    private void WriteFrame(EventJson json, in EventFrame frame)
    {
        json.UpperId(EventFields.EventId, frame.Id);
        json.Constant(EventFields.EventVersion, Version);
        json.Constant(EventFields.EventType, frame.Action.Type);
        json.Constant(EventFields.EventCategory, Management);
        json.Constant(EventFields.EventName, frame.Action.EncodedName);
        json.Constant(EventFields.EventRW, frame.Action.Access);
        json.Time(EventFields.EventTime, frame.Time);
        json.Constant(EventFields.AcsRegion, _region);
        json.Boolean(EventFields.IsGlobal, frame.Action.Service.IsGlobal);
        json.Constant(EventFields.ServiceName, frame.Action.Service.EncodedName);
        json.Constant(EventFields.ApiVersion, frame.Action.Service.ApiVersion);
        WriteSource(json, frame);
        json.Raw(EventFields.UserIdentity, frame.Identity.Json);
    }

    private static void WriteSource(EventJson json, in EventFrame frame)
    {
        if (frame.Facts is not { } facts)
        {
            json.UpperId(EventFields.RequestId, frame.Id);
            json.Constant(EventFields.EventSource, Internal);
            json.Constant(EventFields.SourceIpAddress, Internal);
            json.Constant(EventFields.UserAgent, Internal);
            return;
        }
        // A direct caller's request has an id of its own making, or none.
        json.UpperId(EventFields.RequestId, Guid.TryParseExact(facts.RequestId, "D", out var requestId) ? requestId : frame.Id);
        json.Text(EventFields.EventSource, Begin(facts.Host, MaxHostLength));
        json.Whole(EventFields.SourceIpAddress, Begin(facts.SourceIp, MaxAddressLength));
        json.Text(EventFields.UserAgent, Begin(facts.UserAgent, MaxUserAgentLength));
    }

    private static void WriteEnd(EventJson json, in EventFrame frame, EventResources resources)
    {
        if (frame.Failure is { } failure)
        {
            json.Text(EventFields.ErrorCode, failure.Code ?? "");
            json.Text(EventFields.ErrorMessage, failure.Recorded ?? "");
        }
        resources.Write(json);
        json.BeginObject(EventFields.AdditionalEventData);
        if (frame.Facts is { } facts) json.Constant(EventFields.Scheme, facts.SecureTransport ? Https : Http);
        if (frame.IsRecovered) json.Boolean(EventFields.Recovered, true);
        json.Text(EventFields.Operator, frame.Operator);
        json.EndObject();
        json.Constant(EventFields.RecipientAccountId, frame.Identity.EncodedAccountId);
    }

    private static TrailTerm[] Terms(in EventFrame frame, EventResources resources)
    {
        var terms = _terms ??= [];
        terms.Clear();
        terms.AddRange(frame.Action.Terms.AsSpan());
        terms.AddRange(frame.Identity.Terms.AsSpan());
        if (frame.Facts is { } facts) terms.Add(TrailTerm.Of(TrailField.SourceIpAddress, Begin(facts.SourceIp, MaxAddressLength)));
        else terms.Add(TrailTerm.Of(TrailField.SourceIpAddress, "Internal"));
        resources.AddTerms(terms);
        if (TrailTerm.IsIdKept(frame.Id, frame.Time)) terms.Add(TrailTerm.Of(TrailField.EventId, frame.Id.ToString("D").ToUpperInvariant()));
        return [.. terms];
    }

    private static string Begin(string? text, int length) => text is null ? "" : text.Length <= length ? text : text[..length];
}
