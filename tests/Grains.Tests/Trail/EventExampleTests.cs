using System.Text.Json;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Tests.Trail;

/// <summary>Whole events, field by field, as the documents describe them.</summary>
public sealed class EventExampleTests
{
    private static readonly Guid Version = Guid.Parse("c2b7f1d6-4f58-4b8e-9d2f-7a60b4e5c913");

    [Fact]
    public void CreateKey_by_a_user()
    {
        var time = new DateTimeOffset(2026, 3, 1, 8, 15, 30, TimeSpan.Zero);
        var settings = new KeySettings(KeySpec.Aes256, KeyUsage.EncryptDecrypt, KeyOrigin.Kms, ProtectionLevel.Hsm, "orders, production");
        var made = new KeyMetadata(
            EventCall.KeyId, $"acs:kms:cn-hangzhou:{EventCall.Account}:key/{EventCall.KeyId:D}", KeyState.Enabled, KeySpec.Aes256, KeyUsage.EncryptDecrypt, KeyOrigin.Kms, ProtectionLevel.Hsm,
            "orders, production", EventCall.Account, time, Version, time, null, null, AutomaticRotation.Disabled, null, null, false, "", false);
        var e = EventCall.Of<IDirectoryGrain>(directory => directory.CreateKey(settings), EventCall.Account).Returned(made);
        Expect(
            """
            {"eventId":"E0B7F4C1-9A52-4D0C-B5D3-6C1F0A97D822","eventVersion":"1","eventType":"ApiCall","eventCategory":"Management","eventName":"CreateKey","eventRW":"Write",
             "eventTime":"2026-03-01T08:16:02Z","acsRegion":"cn-hangzhou","isGlobal":false,"serviceName":"Kms","apiVersion":"2016-01-20",
             "requestId":"E0B7F4C1-9A52-4D0C-B5D3-6C1F0A97D822","eventSource":"kms.cn-hangzhou.example.com","sourceIpAddress":"198.51.100.4","userAgent":"aliyun-cli/3.0.200",
             "userIdentity":{"type":"ram-user","principalId":"209900000000000017","accountId":"1000000000000001","accessKeyId":"LTAIexampleAlice01","userName":"alice"},
             "requestParameters":{"Description":"orders, production","KeyUsage":"ENCRYPT/DECRYPT","KeySpec":"Aliyun_AES_256","Origin":"Aliyun_KMS","ProtectionLevel":"HSM"},
             "responseElements":{"KeyMetadata":{"KeyId":"5f0c8e1a-0b6d-4a39-8a57-3d7e9b1c2f44","Arn":"acs:kms:cn-hangzhou:1000000000000001:key/5f0c8e1a-0b6d-4a39-8a57-3d7e9b1c2f44",
              "KeyState":"Enabled","KeyUsage":"ENCRYPT/DECRYPT","KeySpec":"Aliyun_AES_256","Origin":"Aliyun_KMS","ProtectionLevel":"HSM","Description":"orders, production",
              "CreationDate":"2026-03-01T08:15:30Z","Creator":"1000000000000001","PrimaryKeyVersion":"c2b7f1d6-4f58-4b8e-9d2f-7a60b4e5c913","AutomaticRotation":"Disabled"}},
             "resourceType":"ACS::KMS::Key","resourceName":"5f0c8e1a-0b6d-4a39-8a57-3d7e9b1c2f44","referencedResources":{"ACS::KMS::Key":["5f0c8e1a-0b6d-4a39-8a57-3d7e9b1c2f44"]},
             "additionalEventData":{"Scheme":"https"},"recipientAccountId":"1000000000000001"}
            """, e);
    }

    [Fact]
    public void Encrypt_by_a_session_of_a_role_with_the_name_of_an_alias()
    {
        SentKeyName.Attach("KeyId", "alias/orders");
        var context = EncryptionContext.Of([new("order", "1234")]);
        var session = new RoleSession("309900000000000003", "batch-42", null, new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));
        var e = EventCall.Of<IKeyGrain>(nameof(IKeyGrain.Encrypt), new byte[] { 1 }, context)
            .By(new(EventCall.Account, "STS.exampleBatch42", null, session, EventCall.Time, EventCall.Facts), Rights.OfSession(EventCall.Account, new("order-writer", []), null))
            .Returned(new EncryptResult(Version, [1, 2]));
        Expect(
            """
            {"eventId":"E0B7F4C1-9A52-4D0C-B5D3-6C1F0A97D822","eventVersion":"1","eventType":"ApiCall","eventCategory":"Management","eventName":"Encrypt","eventRW":"Read",
             "eventTime":"2026-03-01T08:16:02Z","acsRegion":"cn-hangzhou","isGlobal":false,"serviceName":"Kms","apiVersion":"2016-01-20",
             "requestId":"E0B7F4C1-9A52-4D0C-B5D3-6C1F0A97D822","eventSource":"kms.cn-hangzhou.example.com","sourceIpAddress":"198.51.100.4","userAgent":"aliyun-cli/3.0.200",
             "userIdentity":{"type":"assumed-role","principalId":"309900000000000003:batch-42","accountId":"1000000000000001","accessKeyId":"STS.exampleBatch42","userName":"order-writer:batch-42",
              "sessionContext":{"attributes":{"creationDate":"2026-03-01T08:00:00Z","mfaAuthenticated":"false"}}},
             "requestParameters":{"KeyId":"alias/orders","EncryptionContextKeys":["order"]},
             "responseElements":{"KeyId":"5f0c8e1a-0b6d-4a39-8a57-3d7e9b1c2f44","KeyVersionId":"c2b7f1d6-4f58-4b8e-9d2f-7a60b4e5c913"},
             "resourceType":"ACS::KMS::Key","resourceName":"5f0c8e1a-0b6d-4a39-8a57-3d7e9b1c2f44","referencedResources":{"ACS::KMS::Key":["5f0c8e1a-0b6d-4a39-8a57-3d7e9b1c2f44"]},
             "additionalEventData":{"Scheme":"https"},"recipientAccountId":"1000000000000001"}
            """, e);
    }

    [Fact]
    public void A_call_without_permission()
    {
        var e = EventCall.Of<IKeyLifecycleGrain>(key => key.ScheduleDeletion(7)).Failed(new KmsException(KmsErrorCode.NoPermission));
        Expect(
            """
            {"eventId":"E0B7F4C1-9A52-4D0C-B5D3-6C1F0A97D822","eventVersion":"1","eventType":"ApiCall","eventCategory":"Management","eventName":"ScheduleKeyDeletion","eventRW":"Write",
             "eventTime":"2026-03-01T08:16:02Z","acsRegion":"cn-hangzhou","isGlobal":false,"serviceName":"Kms","apiVersion":"2016-01-20",
             "requestId":"E0B7F4C1-9A52-4D0C-B5D3-6C1F0A97D822","eventSource":"kms.cn-hangzhou.example.com","sourceIpAddress":"198.51.100.4","userAgent":"aliyun-cli/3.0.200",
             "userIdentity":{"type":"ram-user","principalId":"209900000000000017","accountId":"1000000000000001","accessKeyId":"LTAIexampleAlice01","userName":"alice"},
             "requestParameters":{"KeyId":"5f0c8e1a-0b6d-4a39-8a57-3d7e9b1c2f44","PendingWindowInDays":"7"},
             "errorCode":"Forbidden.NoPermission","errorMessage":"This operation is forbidden by permission system.",
             "resourceType":"ACS::KMS::Key","resourceName":"5f0c8e1a-0b6d-4a39-8a57-3d7e9b1c2f44","referencedResources":{"ACS::KMS::Key":["5f0c8e1a-0b6d-4a39-8a57-3d7e9b1c2f44"]},
             "additionalEventData":{"Scheme":"https"},"recipientAccountId":"1000000000000001"}
            """, e);
    }

    private static void Expect(string expected, JsonElement e)
    {
        using var document = JsonDocument.Parse(expected);
        Assert.True(JsonElement.DeepEquals(document.RootElement, e), e.GetRawText());
    }
}
