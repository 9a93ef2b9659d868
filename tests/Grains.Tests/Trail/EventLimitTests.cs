using System.Text;
using System.Text.Json;
using Orleans.Kms.Access;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Grains.Trail.Events;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;
using Orleans.Kms.Ram;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Tests.Trail;

/// <summary>Events of callers who send what no client sends.</summary>
public sealed class EventLimitTests
{
    private const string Hostile = "a\r\nb\u0000\u001b[31m\u007f\u0085\u2028\"\\</script>\ud800x\udc00";

    [Theory]
    [InlineData("line\nbreak\r")]
    [InlineData(Hostile)]
    [InlineData("\ud83d\ude00\u202e\ufeff")]
    public void Whatever_a_text_holds_the_event_is_JSON_of_one_line(string text)
    {
        var facts = new RequestFacts(text, text, text, text, false);
        var made = EventCall.Of<IKeyLifecycleGrain>(key => key.UpdateDescription(text))
            .By(new(EventCall.Account, text, text, null, EventCall.Time, facts), null).Made(null, new(KmsErrorCode.InternalFailure, text));
        var bytes = made.Json.ToArray();
        Assert.DoesNotContain(bytes, b => b < ' ');
        Assert.Equal(bytes, Encoding.UTF8.GetBytes(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes)));
        var e = EventCall.Parse(made);
        // Half a pair of surrogates is no character.
        var told = text.Replace('\ud800', '\ufffd').Replace("x\udc00", "x\ufffd", StringComparison.Ordinal);
        Assert.Equal(told, e.GetProperty("requestParameters").GetProperty("Description").GetString());
        Assert.Equal(told, e.GetProperty("userAgent").GetString());
        Assert.Equal(told, e.GetProperty("errorMessage").GetString());
        Assert.Equal(EventCall.Id.ToString().ToUpperInvariant(), e.GetProperty("requestId").GetString());
    }

    [Fact]
    public void Texts_are_cut_and_say_so()
    {
        var e = EventCall.Of<IRamPoliciesGrain>(policies => policies.CreatePolicy("p", new string('p', 6144), new string('d', 9000)), EventCall.Account).Returned(null);
        Assert.Equal(new string('p', 6144), Parameter(e, "PolicyDocument"));
        Assert.Equal(new string('d', EventJson.MaxText) + "...(cut: 9000 characters)", Parameter(e, "Description"));
    }

    [Fact]
    public void What_the_gateway_saw_is_cut()
    {
        var facts = new RequestFacts("id", new string('1', 1000), new string('u', 1000), new string('h', 1000), true);
        var e = EventCall.Of<IKeyGrain>(key => key.Enable()).By(new(EventCall.Account, "LTAIx", null, null, EventCall.Time, facts), null).Returned(null);
        Assert.Equal(512, e.GetProperty("userAgent").GetString()!.Length);
        Assert.Equal(255, e.GetProperty("eventSource").GetString()!.Length);
        Assert.Equal(64, e.GetProperty("sourceIpAddress").GetString()!.Length);
    }

    [Fact]
    public void A_cut_does_not_split_a_pair_of_surrogates()
    {
        var text = new string('a', EventJson.MaxText - 1) + "\ud83d\ude00b";
        var e = EventCall.Of<IKeyLifecycleGrain>(key => key.UpdateDescription(text)).Returned(null);
        Assert.StartsWith(new string('a', EventJson.MaxText - 1) + "...(cut", Parameter(e, "Description"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_that_is_too_long_is_told_with_shorter_texts()
    {
        // Six bytes for each character, in many texts.
        var text = new string('\u0001', 100_000);
        var settings = new RamUserSettings(text, text, text, text, text);
        var e = EventCall.Of<IRamUsersGrain>(users => users.CreateUser(settings), EventCall.Account).Made(null, new(KmsErrorCode.InvalidParameter, text));
        Assert.InRange(e.Json.Length, 1, EventJson.MaxBytes);
        Assert.EndsWith("...(cut: 100000 characters)", Parameter(EventCall.Parse(e), "Email"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_event_is_found_by_is_told_in_full_however_long_the_event()
    {
        var alias = "alias/" + new string('a', 200);
        var parameters = Enumerable.Range(1, 99).Select(i => new KeyValuePair<string, string>($"Tag.{i}.Value", new string('\u0001', 32_000))).Prepend(new("AliasName", alias)).ToArray();
        var facts = EventCall.Facts with { SourceIp = "2001:db8:85a3:1234:5678:8a2e:1370:7334" };
        var made = EventCall.Events.OfRefusal(
            new(new("kms", "DeleteAlias"), parameters, "InvalidParameter", "no"), new(EventCall.Account, "LTAIx", "17", null, default, facts), null, EventCall.Time, EventCall.Id);
        Assert.InRange(made.Json.Length, 1, EventJson.MaxBytes);
        var e = EventCall.Parse(made);
        Assert.Equal((alias, facts.SourceIp), (e.GetProperty("resourceName").GetString(), e.GetProperty("sourceIpAddress").GetString()));
        Assert.Contains("...(cut", Parameter(e, "Tag.1.Value"), StringComparison.Ordinal);
    }

    [Fact]
    public void Long_lists_are_cut()
    {
        var ids = Enumerable.Range(0, 100_000).Select(_ => Guid.NewGuid()).ToArray();
        var tags = Enumerable.Range(0, 100_000).Select(i => new Tag($"key{i}", new string('\u0001', 1000))).ToArray();
        var made = EventCall.Of<IDirectoryGrain>(directory => directory.TagResources(ids, tags), EventCall.Account).Made(null, new(KmsErrorCode.InvalidParameter));
        Assert.InRange(made.Json.Length, 1, EventJson.MaxBytes);
        var e = EventCall.Parse(made);
        Assert.Equal(TagQuery.MaxResources, e.GetProperty("referencedResources").GetProperty("ACS::KMS::Key").GetArrayLength());
    }

    [Fact]
    public void As_many_keys_of_a_context_as_there_may_be_are_told_up_to_a_hundred()
    {
        var context = EncryptionContext.Of(Enumerable.Range(0, 700).Select(i => new KeyValuePair<string, string>($"k{i:D3}", "")));
        var keys = EventCall.Of<IKeyGrain>(nameof(IKeyGrain.Decrypt), new byte[1], context).Returned(null).GetProperty("requestParameters").GetProperty("EncryptionContextKeys");
        Assert.Equal(EventJson.MaxItems + 1, keys.GetArrayLength());
        Assert.Equal("...(cut: 600 more)", keys[EventJson.MaxItems].GetString());
    }

    [Theory]
    [InlineData("a;b"), InlineData("a,b"), InlineData(""), InlineData("a b"), InlineData("<x>"), InlineData("\u0430lice")]
    public void A_name_that_nothing_can_have_is_no_resource(string name)
    {
        var e = EventCall.Of<IRamUsersGrain>(users => users.DeleteUser(name), EventCall.Account).Failed(new(KmsErrorCode.InvalidRamParameter));
        Assert.False(e.TryGetProperty("resourceName", out _));
        Assert.Equal(name, Parameter(e, "UserName"));
    }

    [Fact]
    public void A_message_that_quotes_the_request_is_cut_before_it()
    {
        var failure = new KmsException(KmsErrorCode.SignatureMismatch, "Specified signature does not match our calculation. server string to sign is:POST&%2F&Plaintext%3D" + EventSamples.Canary);
        foreach (var e in new[] { EventCall.Of<IKeyGrain>(key => key.Enable()).Failed(failure), EventCall.Parse(NotAuthenticated(failure)) })
        {
            Assert.Equal("Specified signature does not match our calculation.", e.GetProperty("errorMessage").GetString());
            Assert.DoesNotContain(EventSamples.Canary, e.GetRawText(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_blob_whose_key_is_not_there_is_told_as_any_other_fault_of_it()
    {
        var e = EventCall.Of<IKeyGrain>(nameof(IKeyGrain.Decrypt), new byte[1], EncryptionContext.Empty).Failed(new(KmsErrorCode.KeyNotFound));
        Assert.Equal(KmsException.BadCiphertext().ApiCode, e.GetProperty("errorCode").GetString());
        Assert.Equal(KmsException.BadCiphertext().Message, e.GetProperty("errorMessage").GetString());
    }

    [Fact]
    public void Values_that_no_enumeration_has_are_numbers()
    {
        var e = EventCall.Of<IAsymmetricKeyGrain>(nameof(IAsymmetricKeyGrain.Sign), Guid.Empty, (SigningAlgorithm)99, new byte[1]).Failed(new(KmsErrorCode.InvalidParameter));
        Assert.Equal("99", Parameter(e, "Algorithm"));
    }

    private static TrailEvent NotAuthenticated(KmsException failure) =>
        EventCall.Events.OfFailedAuthentication(new(EventCall.Account, "LTAIx", "17", null, default, EventCall.Facts), null, new ApiAction("kms", "Encrypt"), failure, EventCall.Time, EventCall.Id);

    private static string Parameter(JsonElement e, string name) => e.GetProperty("requestParameters").GetProperty(name).GetString()!;
}
