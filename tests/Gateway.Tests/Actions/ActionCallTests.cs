using Orleans.Kms.Errors;
using Orleans.Kms.Gateway.Actions;

namespace Orleans.Kms.Gateway.Tests.Actions;

public sealed class ActionCallTests
{
    [Theory]
    [InlineData("QUJD", 3, 3)]
    [InlineData("QUI=", 3, 2)]
    [InlineData("QUJD", 2, null)]
    [InlineData("QUI", 3, null)]
    [InlineData("%", 3, null)]
    [InlineData("QUJDRA==", 3, null)]
    [InlineData("QU\r\nJD\n", 3, 3)]
    public void Base64_is_bounded(string text, int maxBytes, int? length)
    {
        var call = Requests.Call(("Digest", text));
        if (length is { } expected) Assert.Equal(expected, call.RequiredBase64("Digest", maxBytes).Length);
        else Assert.Equal("The specified parameter Digest is not valid.", Assert.Throws<KmsException>(() => call.RequiredBase64("Digest", maxBytes)).Message);
    }

    [Fact]
    public void An_empty_parameter_is_absent_but_was_sent()
    {
        var call = Requests.Call(("Description", ""));
        Assert.Equal((null, true, false), (call.Text("Description"), call.Parameters.Contains("Description"), call.Parameters.Contains("description")));
    }

    [Fact]
    public void Contexts_are_read_under_their_own_name()
    {
        var call = Requests.Call(("SourceEncryptionContext", """{"a":"b"}"""), ("DestinationEncryptionContext.c", "d"), ("BadEncryptionContext", "x"));
        Assert.Equal([new("a", "b")], EncryptionContexts.Read(call, "SourceEncryptionContext").Pairs);
        Assert.Equal([new("c", "d")], EncryptionContexts.Read(call, "DestinationEncryptionContext").Pairs);
        Assert.Empty(EncryptionContexts.Read(call).Pairs);
        Assert.Equal([new("", "d")], EncryptionContexts.Read(Requests.Call(("EncryptionContext.", "d"))).Pairs);
        Assert.Equal("The specified parameter BadEncryptionContext is not valid.", Assert.Throws<KmsException>(() => EncryptionContexts.Read(call, "BadEncryptionContext")).Message);
    }

    [Theory]
    [InlineData("1234abcd-12ab-34cd-56ef-1234567890ab", null)]
    [InlineData("acs:kms:local-1:1000000000000001:key/1234abcd-12ab-34cd-56ef-1234567890ab", null)]
    [InlineData("1234ABCD-12ab-34cd-56ef-1234567890ab", KmsErrorCode.KeyNotFound)]
    [InlineData("acs:kms:local-2:1000000000000001:key/1234abcd-12ab-34cd-56ef-1234567890ab", KmsErrorCode.KeyNotFound)]
    [InlineData("acs:kms:local-1:2000000000000002:alias/a", KmsErrorCode.KeyNotFound)]
    [InlineData("acs:kms:local-1:1000000000000001:1234abcd-12ab-34cd-56ef-1234567890ab", KmsErrorCode.KeyNotFound)]
    [InlineData("acs:kms:local-1:1000000000000001:secret/a", KmsErrorCode.KeyNotFound)]
    [InlineData("acs:kms:local-1:1000000000000001:key/alias/a", KmsErrorCode.KeyNotFound)]
    [InlineData("alias/a", KmsErrorCode.UnsupportedAlias)]
    [InlineData("acs:kms:local-1:1000000000000001:alias/a", KmsErrorCode.UnsupportedAlias)]
    [InlineData("", KmsErrorCode.MissingParameter)]
    public async Task A_key_is_named_by_id_or_arn(string name, KmsErrorCode? refusal)
    {
        var call = Requests.Call(("KeyId", name));
        if (refusal is { } code) Assert.Equal(code, (await Assert.ThrowsAsync<KmsException>(async () => await KeyReference.Read(call, acceptsAlias: false))).Code);
        else Assert.Equal(Guid.Parse("1234abcd-12ab-34cd-56ef-1234567890ab"), await KeyReference.Read(call, acceptsAlias: false));
    }
}
