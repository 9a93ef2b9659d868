using System.Globalization;
using System.Text;
using Orleans.Kms.Grains.Trail;

namespace Orleans.Kms.Micro;

/// <summary>Events as long as the service's, of few and of many values.</summary>
internal sealed class TrailSample
{
    public const long Account = 1000000000000001;

    // Of one user there are few events.
    private const int Rare = 1_000_003;
    private const int Some = 1_234_567;

    /// <summary>The id of one of the events, if so many were made.</summary>
    public Guid SomeId { get; private set; }

    /// <summary>An event of that number.</summary>
    public TrailEvent Make(int number, DateTimeOffset time)
    {
        var id = Guid.CreateVersion7(time);
        if (number == Some) SomeId = id;
        var user = number % Rare == 7777 ? "u7777" : $"u{number % 20}";
        // Each user calls one action.
        var name = number % 2 == 0 ? "Encrypt" : "Decrypt";
        var (key, ip) = ($"5f0c8e1a-0b6d-4a39-8a57-{number % 100:D12}", $"192.0.2.{number % 50}");
        var json = string.Create(CultureInfo.InvariantCulture,
            $$$"""{"eventId":"{{{id.ToString("D").ToUpperInvariant()}}}","eventVersion":"1","eventType":"ApiCall","eventCategory":"Management","eventName":"{{{name}}}","eventRW":"Read","eventSource":"kms.cn-hangzhou.example.com","eventTime":"{{{time:yyyy-MM-ddTHH:mm:ssZ}}}","acsRegion":"cn-hangzhou","isGlobal":false,"serviceName":"Kms","apiVersion":"2016-01-20","requestId":"{{{id.ToString("D").ToUpperInvariant()}}}","sourceIpAddress":"{{{ip}}}","userAgent":"AlibabaCloud (linux; x64) Node.js/v20.11.0 Core/1.0.1 TeaDSL/2","userIdentity":{"type":"ram-user","principalId":"2099{{{user}}}","accountId":"1000000000000001","accessKeyId":"LTAI{{{user}}}","userName":"{{{user}}}"},"requestParameters":{"KeyId":"{{{key}}}"},"responseElements":{"KeyId":"{{{key}}}","KeyVersionId":"c2b7f1d6-4f58-4b8e-9d2f-7a60b4e5c913"},"resourceType":"ACS::KMS::Key","resourceName":"{{{key}}}","referencedResources":{"ACS::KMS::Key":["{{{key}}}"]},"additionalEventData":{"Scheme":"https"},"recipientAccountId":"1000000000000001"}""");
        return new(Account, time, id, Encoding.UTF8.GetBytes(json),
        [
            TrailTerm.Of(TrailField.EventName, name), TrailTerm.Of(TrailField.User, user), TrailTerm.Of(TrailField.PrincipalId, "2099" + user),
            TrailTerm.Of(TrailField.EventAccessKeyId, "LTAI" + user), TrailTerm.Of(TrailField.SourceIpAddress, ip), TrailTerm.Of(TrailField.ResourceName, key),
        ])
        { Nonce = new((UInt128)(uint)number << 64, time.AddMinutes(15)) };
    }
}
