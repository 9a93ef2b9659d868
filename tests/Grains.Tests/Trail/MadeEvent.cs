using System.Text.Encodings.Web;
using System.Text.Json;
using Orleans.Kms.Grains.Trail;

namespace Orleans.Kms.Grains.Tests.Trail;

/// <summary>An event of few values, and what of it lookups compare.</summary>
internal sealed record MadeEvent(int Number, long Account, DateTimeOffset Time, Guid Id, Dictionary<TrailField, string[]> Values)
{
    private static readonly JsonSerializerOptions Escaping = new() { Encoder = JavaScriptEncoder.Default };
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Its id as the trail has it.</summary>
    public string EventId => Id.ToString("D").ToUpperInvariant();

    /// <summary>Its time as the trail has it.</summary>
    public DateTimeOffset Second => Time.AddTicks(-(Time.Ticks % TimeSpan.TicksPerSecond));

    /// <summary>The event as the service makes it, as far as the trail looks at it. Every second one has its characters escaped as far as JSON allows.</summary>
    public TrailEvent ToEvent(UsedNonce? nonce = null)
    {
        var role = Values.GetValueOrDefault(TrailField.RoleName)?[0];
        var json = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?>
        {
            ["eventId"] = EventId,
            ["number"] = Number,
            ["eventTime"] = Time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null),
            ["eventName"] = One(TrailField.EventName),
            ["serviceName"] = One(TrailField.ServiceName),
            ["eventRW"] = One(TrailField.EventRW),
            ["eventType"] = One(TrailField.EventType),
            ["sourceIpAddress"] = One(TrailField.SourceIpAddress),
            ["resourceName"] = string.Join(";", Values[TrailField.ResourceName]),
            ["resourceType"] = string.Join(";", Values[TrailField.ResourceType]),
            ["userIdentity"] = new Dictionary<string, object?>
            {
                ["type"] = role is null ? "ram-user" : "assumed-role", ["userName"] = One(TrailField.User), ["principalId"] = One(TrailField.PrincipalId), ["accessKeyId"] = One(TrailField.EventAccessKeyId),
            },
            ["recipientAccountId"] = Account.ToString("D16", null),
        }, int.IsOddInteger(Number) ? Escaping : Plain);
        var terms = Values.SelectMany(pair => pair.Value.Where(value => TrailTerm.IsKept(pair.Key, value)).Select(value => TrailTerm.Of(pair.Key, value))).Distinct();
        if (TrailTerm.IsIdKept(Id, Time)) terms = terms.Append(TrailTerm.Of(TrailField.EventId, EventId));
        return new(Account, Time, Id, json, [.. terms]) { Nonce = nonce };
    }

    /// <summary>Whether a query asks for it, by the query's plain meaning.</summary>
    public bool IsAskedFor(long account, TrailQuery query)
    {
        return Account == account && Second >= query.Start && Second <= query.End
            && query.Filters.All(filter => filter.Field == TrailField.EventId ? filter.Value == EventId : Values.GetValueOrDefault(filter.Field)?.Contains(filter.Value) == true);
    }

    private string One(TrailField field) => Values[field][0];
}
