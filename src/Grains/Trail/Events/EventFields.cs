using System.Text.Json;

namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>The names of what an event consists of.</summary>
internal static class EventFields
{
    public static readonly JsonEncodedText EventId = JsonEncodedText.Encode("eventId");
    public static readonly JsonEncodedText EventVersion = JsonEncodedText.Encode("eventVersion");
    public static readonly JsonEncodedText EventType = JsonEncodedText.Encode("eventType");
    public static readonly JsonEncodedText EventCategory = JsonEncodedText.Encode("eventCategory");
    public static readonly JsonEncodedText EventName = JsonEncodedText.Encode("eventName");
    public static readonly JsonEncodedText EventRW = JsonEncodedText.Encode("eventRW");
    public static readonly JsonEncodedText EventSource = JsonEncodedText.Encode("eventSource");
    public static readonly JsonEncodedText EventTime = JsonEncodedText.Encode("eventTime");
    public static readonly JsonEncodedText AcsRegion = JsonEncodedText.Encode("acsRegion");
    public static readonly JsonEncodedText IsGlobal = JsonEncodedText.Encode("isGlobal");
    public static readonly JsonEncodedText ServiceName = JsonEncodedText.Encode("serviceName");
    public static readonly JsonEncodedText ApiVersion = JsonEncodedText.Encode("apiVersion");
    public static readonly JsonEncodedText RequestId = JsonEncodedText.Encode("requestId");
    public static readonly JsonEncodedText SourceIpAddress = JsonEncodedText.Encode("sourceIpAddress");
    public static readonly JsonEncodedText UserAgent = JsonEncodedText.Encode("userAgent");
    public static readonly JsonEncodedText UserIdentity = JsonEncodedText.Encode("userIdentity");
    public static readonly JsonEncodedText RequestParameters = JsonEncodedText.Encode("requestParameters");
    public static readonly JsonEncodedText ResponseElements = JsonEncodedText.Encode("responseElements");
    public static readonly JsonEncodedText ErrorCode = JsonEncodedText.Encode("errorCode");
    public static readonly JsonEncodedText ErrorMessage = JsonEncodedText.Encode("errorMessage");
    public static readonly JsonEncodedText ResourceType = JsonEncodedText.Encode("resourceType");
    public static readonly JsonEncodedText ResourceName = JsonEncodedText.Encode("resourceName");
    public static readonly JsonEncodedText ReferencedResources = JsonEncodedText.Encode("referencedResources");
    public static readonly JsonEncodedText AdditionalEventData = JsonEncodedText.Encode("additionalEventData");
    public static readonly JsonEncodedText RecipientAccountId = JsonEncodedText.Encode("recipientAccountId");
    public static readonly JsonEncodedText Scheme = JsonEncodedText.Encode("Scheme");
    public static readonly JsonEncodedText Recovered = JsonEncodedText.Encode("Recovered");
    public static readonly JsonEncodedText Operator = JsonEncodedText.Encode("Operator");
}
