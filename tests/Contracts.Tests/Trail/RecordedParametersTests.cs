using System.Text;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Contracts.Tests.Trail;

public sealed class RecordedParametersTests
{
    [Theory]
    [InlineData("KeyId"), InlineData("Tag.1.Key"), InlineData("Tag.20.Value"), InlineData("TagKey.2"), InlineData("ResourceId.50"), InlineData("LookupAttribute.1.Key"), InlineData("Policy")]
    public void What_is_listed_is_recorded(string name) => Assert.True(RecordedParameters.IsRecorded(name));

    [Theory]
    [InlineData("Plaintext"), InlineData("CiphertextBlob"), InlineData("EncryptedKeyMaterial"), InlineData("ImportToken"), InlineData("Digest"), InlineData("Value"), InlineData("PublicKeyBlob")]
    [InlineData("Recipient"), InlineData("SecretData"), InlineData("Signature"), InlineData("SignatureNonce"), InlineData("SignatureMethod"), InlineData("AccessKeyId"), InlineData("AccessKeySecret")]
    [InlineData("SecurityToken"), InlineData("Authorization"), InlineData("EncryptionContext"), InlineData("EncryptionContext.a"), InlineData("keyid"), InlineData("KeyId "), InlineData("")]
    [InlineData("Tag"), InlineData("Tag.x.Key"), InlineData("Tag.1.Secret"), InlineData("Tag..Key"), InlineData("Tag.1.Key.1"), InlineData("KeyId.1"), InlineData("N"), InlineData("Tag.1234567890.Key")]
    public void Whatever_is_not_listed_is_not_recorded(string name) => Assert.False(RecordedParameters.IsRecorded(name));

    [Fact]
    public void Values_are_recorded_as_they_were_sent() =>
        Assert.Equal([new("KeySpec", "AES_512"), new("KeyId", "")], Recorded(("KeySpec", "AES_512"), ("Plaintext", "secret"), ("KeyId", "")));

    [Fact]
    public void Of_a_context_only_the_keys_are_recorded() =>
        Assert.Equal(
            [new("KeyId", "k"), new("EncryptionContextKeys", """["order","place"]"""), new("DestinationEncryptionContextKeys", """["to"]""")],
            Recorded(("EncryptionContext", """{"order":"1234","place":{"deep":"5678"}}"""), ("KeyId", "k"), ("DestinationEncryptionContext.to", "4321")));

    [Theory]
    [InlineData("secret"), InlineData("[\"secret\"]"), InlineData("{\"a\":\"b\""), InlineData("{\"\\ud800\":\"b\"}"), InlineData(""), InlineData("{\"a\":\"b\"} secret")]
    public void Of_a_context_that_cannot_be_read_nothing_is_recorded(string json) => Assert.Empty(Recorded(("EncryptionContext", json)));

    [Fact]
    public void There_is_a_limit_to_everything()
    {
        Assert.Equal(RecordedParameters.MaxCount, Recorded([.. Enumerable.Range(1, 1000).Select(i => ($"ResourceId.{i}", "x"))]).Length);
        Assert.Equal(RecordedParameters.MaxValueBytes, Recorded(("Policy", new string('x', 100_000)))[0].Value.Length);
        var keys = Recorded([.. Enumerable.Range(1, 1000).Select(i => ($"EncryptionContext.{i:D4}", "x"))])[0].Value;
        Assert.Equal(RecordedParameters.MaxCount, keys.Split(',').Length);
    }

    [Theory]
    [InlineData("EncryptionContextKeys", true), InlineData("SourceEncryptionContextKeys", true), InlineData("EncryptionContext", false), InlineData("TagKeys", false), InlineData("Keys", false)]
    public void Keys_of_a_context_come_under_a_name_of_their_own(string name, bool isKeys) => Assert.Equal(isKeys, RecordedParameters.IsContextKeys(name));

    private static KeyValuePair<string, string>[] Recorded(params (string Name, string Value)[] parameters)
    {
        var recorded = new RecordedParameters();
        foreach (var (name, value) in parameters) recorded.Add(name, Encoding.UTF8.GetBytes(value));
        return recorded.ToArray();
    }
}
