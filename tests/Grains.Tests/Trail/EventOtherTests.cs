using System.Text;
using System.Text.Json;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Tests.Trail;

/// <summary>Events of what is no call of a grain method.</summary>
public sealed class EventOtherTests
{
    private static readonly Caller Alice = new(EventCall.Account, "LTAIexampleAlice01", "209900000000000017", null, EventCall.Time, EventCall.Facts, new UsedNonce(7, EventCall.Time));

    private static readonly Rights Rights = Rights.OfUser(EventCall.Account, new("alice", []));

    [Fact]
    public void A_refused_call_tells_what_was_sent()
    {
        var e = Refusal("kms", "Encrypt", ("KeyId", $"acs:kms:r:1:key/{EventCall.KeyId}"), ("EncryptionContextKeys", """["order","place"]"""));
        Assert.Equal("Encrypt", e.GetProperty("eventName").GetString());
        Assert.Equal("Read", e.GetProperty("eventRW").GetString());
        Assert.Equal("InvalidParameter", e.GetProperty("errorCode").GetString());
        Assert.Equal("The specified parameter KeySpec is not valid.", e.GetProperty("errorMessage").GetString());
        Assert.Equal($$"""{"KeyId":"acs:kms:r:1:key/{{EventCall.KeyId}}","EncryptionContextKeys":["order","place"]}""", e.GetProperty("requestParameters").GetRawText());
        Assert.Equal($"{EventCall.KeyId}", e.GetProperty("resourceName").GetString());
        Assert.Equal("alice", e.GetProperty("userIdentity").GetProperty("userName").GetString());
    }

    // Any member of the account can have refusals recorded, and say what it likes.
    [Theory]
    [InlineData("Plaintext"), InlineData("CiphertextBlob"), InlineData("EncryptedKeyMaterial"), InlineData("ImportToken"), InlineData("Digest"), InlineData("Value"), InlineData("PublicKeyBlob")]
    [InlineData("Signature"), InlineData("SignatureNonce"), InlineData("AccessKeyId"), InlineData("AccessKeySecret"), InlineData("SecurityToken"), InlineData("SecretData"), InlineData("Recipient")]
    [InlineData("EncryptionContext"), InlineData("EncryptionContext.order"), InlineData("Unheard"), InlineData("KeyId.1"), InlineData("tags"), InlineData("")]
    public void A_parameter_that_may_not_be_recorded_is_left_out_whoever_sends_it(string name)
    {
        var e = Refusal("kms", "Encrypt", ("KeySpec", "AES_512"), (name, EventSamples.Canary));
        Assert.Equal("""{"KeySpec":"AES_512"}""", e.GetProperty("requestParameters").GetRawText());
        Assert.DoesNotContain(EventSamples.Canary, e.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"order":"x"}"""), InlineData("nothing"), InlineData("[1]"), InlineData("")]
    public void Keys_of_a_context_that_are_no_list_of_texts_are_left_out(string keys) =>
        Assert.Equal("{}", Refusal("kms", "Encrypt", ("EncryptionContextKeys", keys)).GetProperty("requestParameters").GetRawText());

    [Theory]
    [InlineData("kms", "MakeCoffee"), InlineData("ecs", "Encrypt"), InlineData("", ""), InlineData(null, null)]
    public void An_action_that_there_is_not_has_no_name(string? service, string? name)
    {
        var e = Refusal(service!, name!);
        Assert.Equal("Unknown", e.GetProperty("eventName").GetString());
        Assert.Equal("Kms", e.GetProperty("serviceName").GetString());
    }

    [Fact]
    public void A_refusal_that_holds_nothing_is_an_event_all_the_same()
    {
        var e = EventCall.Parse(EventCall.Events.OfRefusal(new(null!, null!, null!, null!), Alice, Rights, EventCall.Time, EventCall.Id));
        Assert.Equal("", e.GetProperty("errorCode").GetString());
        e = EventCall.Parse(EventCall.Events.OfRefusal(new(new("kms", "Encrypt"), [new(null!, null!), default], "c", "m"), Alice, Rights, EventCall.Time, EventCall.Id));
        Assert.Equal("{}", e.GetProperty("requestParameters").GetRawText());
    }

    [Theory]
    [InlineData("kms", "CreateAlias", "AliasName", "alias/orders", "ACS::KMS::Alias")]
    [InlineData("kms", "Encrypt", "KeyId", "alias/orders", "ACS::KMS::Alias")]
    [InlineData("ram", "GetUser", "UserName", "bob", "ACS::RAM::User")]
    [InlineData("ram", "GetGroup", "GroupName", "staff", "ACS::RAM::Group")]
    [InlineData("ram", "GetRole", "RoleName", "apollo", "ACS::RAM::Role")]
    [InlineData("ram", "GetPolicy", "PolicyName", "p", "ACS::RAM::Policy")]
    [InlineData("ram", "DeleteAccessKey", "UserAccessKeyId", "LTAIx", "ACS::RAM::AccessKey")]
    [InlineData("actiontrail", "DeleteTrail", "Name", "mine", "ACS::ActionTrail::Trail")]
    public void A_refused_call_is_found_by_the_resource_that_it_names(string service, string action, string parameter, string value, string type)
    {
        var e = Refusal(service, action, (parameter, value));
        Assert.Equal((type, value), (e.GetProperty("resourceType").GetString(), e.GetProperty("resourceName").GetString()));
    }

    [Fact]
    public void Nonces_travel_beside_events()
    {
        var e = EventCall.Events.OfRefusal(new(new("kms", "Encrypt"), [], "c", "m"), Alice, Rights, EventCall.Time, EventCall.Id);
        Assert.Equal(Alice.Nonce, e.Nonce);
        Assert.Equal(Alice.Nonce, EventCall.Of<IKeyGrain>(key => key.Enable()).By(Alice, Rights).Made(null, null).Nonce);
        Assert.Equal(EventCall.Time, e.Time);
        Assert.Equal(EventCall.Id, e.Id);
        Assert.Equal(1000000000000001, e.AccountId);
    }

    [Fact]
    public void A_request_that_was_not_let_in_tells_who_it_claims_to_be_of()
    {
        var session = new RoleSession("3", "job", null, EventCall.Time);
        var e = EventCall.Parse(EventCall.Events.OfFailedAuthentication(
            new(EventCall.Account, "STS.x", null, session, default, EventCall.Facts), null, new("kms", "Decrypt"), new(KmsErrorCode.TimestampExpired), EventCall.Time, EventCall.Id));
        Assert.Equal("Decrypt", e.GetProperty("eventName").GetString());
        Assert.Equal(KmsErrorCode.TimestampExpired.ApiCode(), e.GetProperty("errorCode").GetString());
        Assert.Equal("3:job", e.GetProperty("userIdentity").GetProperty("principalId").GetString());
        Assert.Equal("{}", e.GetProperty("requestParameters").GetRawText());
        Assert.False(e.TryGetProperty("resourceName", out _));
    }

    [Fact]
    public void DescribeRegions_has_its_name_where_it_is_not_let_in()
    {
        var e = EventCall.Parse(EventCall.Events.OfFailedAuthentication(Alice, Rights, new("kms", "DescribeRegions"), new(KmsErrorCode.SignatureMismatch), EventCall.Time, EventCall.Id));
        Assert.Equal("DescribeRegions", e.GetProperty("eventName").GetString());
    }

    [Fact]
    public void A_draft_says_that_it_was_recovered_and_has_no_answer()
    {
        var call = EventCall.Of<IKeyLifecycleGrain>(key => key.ScheduleDeletion(7));
        Assert.Equal("""{"Scheme":"https","Recovered":true}""", call.Drafted().GetProperty("additionalEventData").GetRawText());
        Assert.False(call.Drafted().TryGetProperty("responseElements", out _));
        Assert.Equal("""{"Scheme":"https"}""", call.Returned(null).GetProperty("additionalEventData").GetRawText());
    }

    [Fact]
    public void What_the_service_does_by_itself_is_its_own_event()
    {
        var made = EventCall.Events.OfService("RotateKey", EventCall.Account, EventCall.Time, EventCall.Id, ("ACS::KMS::Key", EventCall.KeyId.ToString()));
        Assert.Equal(
            """
            {"eventId":"E0B7F4C1-9A52-4D0C-B5D3-6C1F0A97D822","eventVersion":"1","eventType":"AliyunServiceEvent","eventCategory":"Management","eventName":"RotateKey","eventRW":"Write",
            "eventTime":"2026-03-01T08:16:02Z","acsRegion":"cn-hangzhou","isGlobal":false,"serviceName":"Kms","apiVersion":"2016-01-20","requestId":"E0B7F4C1-9A52-4D0C-B5D3-6C1F0A97D822",
            "eventSource":"Internal","sourceIpAddress":"Internal","userAgent":"Internal","userIdentity":{"type":"system","principalId":"kms","accountId":"1000000000000001","userName":"kms"},
            "requestParameters":{},"resourceType":"ACS::KMS::Key","resourceName":"5f0c8e1a-0b6d-4a39-8a57-3d7e9b1c2f44",
            "referencedResources":{"ACS::KMS::Key":["5f0c8e1a-0b6d-4a39-8a57-3d7e9b1c2f44"]},"additionalEventData":{},"recipientAccountId":"1000000000000001"}
            """.ReplaceLineEndings(""), Encoding.UTF8.GetString(made.Json.Span));
        Assert.Contains(TrailTerm.Of(TrailField.EventType, "AliyunServiceEvent"), made.Terms);
        Assert.Contains(TrailTerm.Of(TrailField.User, "kms"), made.Terms);
        Assert.Contains(TrailTerm.Of(TrailField.ResourceName, EventCall.KeyId.ToString()), made.Terms);
    }

    [Theory]
    [InlineData("done: new root key 2", null, null, "new root key 2")]
    [InlineData("failed: no token", "Failed", "no token", null)]
    [InlineData(null, null, null, "not known")]
    public void What_an_operator_had_done_tells_by_whom_and_how_it_ended(string? outcome, string? code, string? message, string? told)
    {
        var e = EventCall.Parse(EventCall.Events.OfOperator("add-root-key", EventCall.Account, EventCall.Time, EventCall.Id, "carol", "token kms-2", 2, outcome));
        Assert.Equal(("AddRootKey", "AliyunServiceEvent"), (e.GetProperty("eventName").GetString(), e.GetProperty("eventType").GetString()));
        Assert.Equal("""{"Detail":"token kms-2","RootKeyVersion":"2"}""", e.GetProperty("requestParameters").GetRawText());
        Assert.Equal("""{"Operator":"carol"}""", e.GetProperty("additionalEventData").GetRawText());
        Assert.Equal((code, message), (Text(e, "errorCode"), Text(e, "errorMessage")));
        Assert.Equal(told, e.TryGetProperty("responseElements", out var response) ? Text(response, "Outcome") : null);
    }

    private static JsonElement Refusal(string service, string action, params (string Name, string Value)[] parameters) => EventCall.Parse(EventCall.Events.OfRefusal(
        new(new(service, action), [.. parameters.Select(parameter => new KeyValuePair<string, string>(parameter.Name, parameter.Value))], "InvalidParameter", "The specified parameter KeySpec is not valid."),
        Alice, Rights, EventCall.Time, EventCall.Id));

    private static string? Text(JsonElement e, string name) => e.TryGetProperty(name, out var text) ? text.GetString() : null;
}
