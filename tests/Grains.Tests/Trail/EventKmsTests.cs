using System.Text.Json;

namespace Orleans.Kms.Grains.Tests.Trail;

/// <summary>What the events of KMS' actions tell, as the documents list it by action.</summary>
public sealed class EventKmsTests
{
    private const string Key = "ACS::KMS::Key";
    private const string Alias = "ACS::KMS::Alias";

    [Theory]
    [InlineData("CreateKey", "Write", "Description KeyUsage KeySpec Origin ProtectionLevel EnableAutomaticRotation RotationInterval Tags", "KeyMetadata", Key)]
    [InlineData("DescribeKey", "Read", "KeyId", "", Key)]
    [InlineData("GetPublicKey", "Read", "KeyId KeyVersionId", "", Key)]
    [InlineData("ListKeys", "Read", "PageNumber PageSize Filters", "", "")]
    [InlineData("ListAliases", "Read", "PageNumber PageSize", "", "")]
    [InlineData("ListAliasesByKeyId", "Read", "KeyId PageNumber PageSize", "", Key)]
    [InlineData("ListKeyVersions", "Read", "KeyId PageNumber PageSize", "", Key)]
    [InlineData("ListResourceTags", "Read", "KeyId", "", Key)]
    [InlineData("ListTagResources", "Read", "ResourceId.1 Tag.1.Key Tag.1.Value NextToken", "", Key)]
    [InlineData("DescribeKeyVersion", "Read", "KeyId KeyVersionId", "", Key)]
    [InlineData("DescribeService", "Read", "", "", "")]
    [InlineData("DescribeAccountKmsStatus", "Read", "", "", "")]
    [InlineData("OpenKmsService", "Write", "", "", "")]
    [InlineData("GetKeyPolicy", "Read", "KeyId PolicyName", "", Key)]
    [InlineData("SetKeyPolicy", "Write", "KeyId PolicyName Policy", "", Key)]
    [InlineData("EnableKey", "Write", "KeyId", "", Key)]
    [InlineData("DisableKey", "Write", "KeyId", "", Key)]
    [InlineData("ScheduleKeyDeletion", "Write", "KeyId PendingWindowInDays", "", Key)]
    [InlineData("CancelKeyDeletion", "Write", "KeyId", "", Key)]
    [InlineData("UpdateKeyDescription", "Write", "KeyId Description", "", Key)]
    [InlineData("UpdateRotationPolicy", "Write", "KeyId EnableAutomaticRotation RotationInterval", "", Key)]
    [InlineData("SetDeletionProtection", "Write", "ProtectedResourceArn EnableDeletionProtection DeletionProtectionDescription", "", Key)]
    [InlineData("CreateKeyVersion", "Write", "KeyId", "KeyVersion", Key)]
    [InlineData("DeleteKeyMaterial", "Write", "KeyId", "", Key)]
    [InlineData("TagResource", "Write", "KeyId Tags", "", Key)]
    [InlineData("UntagResource", "Write", "KeyId TagKeys", "", Key)]
    [InlineData("TagResources", "Write", "ResourceId.1 Tag.1.Key Tag.1.Value", "", Key)]
    [InlineData("UntagResources", "Write", "ResourceId.1 TagKey.1 All", "", Key)]
    [InlineData("CreateAlias", "Write", "AliasName KeyId", "", Alias + ";" + Key)]
    [InlineData("UpdateAlias", "Write", "AliasName KeyId", "", Alias + ";" + Key)]
    [InlineData("DeleteAlias", "Write", "AliasName", "", Alias)]
    [InlineData("Encrypt", "Read", "KeyId EncryptionContextKeys", "KeyId KeyVersionId", Key)]
    [InlineData("GenerateDataKey", "Read", "KeyId NumberOfBytes EncryptionContextKeys", "KeyId KeyVersionId", Key)]
    [InlineData("GenerateDataKeyWithoutPlaintext", "Read", "KeyId NumberOfBytes EncryptionContextKeys", "KeyId KeyVersionId", Key)]
    [InlineData("GenerateAndExportDataKey", "Read", "KeyId NumberOfBytes EncryptionContextKeys WrappingKeySpec WrappingAlgorithm", "KeyId KeyVersionId", Key)]
    [InlineData("ExportDataKey", "Read", "EncryptionContextKeys WrappingKeySpec WrappingAlgorithm", "KeyId KeyVersionId", Key)]
    [InlineData("Decrypt", "Read", "EncryptionContextKeys", "KeyId KeyVersionId", Key)]
    [InlineData("AsymmetricSign", "Read", "KeyId KeyVersionId Algorithm", "KeyId KeyVersionId", Key)]
    [InlineData("AsymmetricVerify", "Read", "KeyId KeyVersionId Algorithm", "KeyId KeyVersionId", Key)]
    [InlineData("AsymmetricEncrypt", "Read", "KeyId KeyVersionId Algorithm", "KeyId KeyVersionId", Key)]
    [InlineData("AsymmetricDecrypt", "Read", "KeyId KeyVersionId Algorithm", "KeyId KeyVersionId", Key)]
    [InlineData("GetParametersForImport", "Read", "KeyId WrappingAlgorithm WrappingKeySpec", "KeyId TokenExpireTime", Key)]
    [InlineData("ImportKeyMaterial", "Write", "KeyId KeyMaterialExpireUnix", "", Key)]
    public void An_action_tells_its_parameters_its_answer_and_its_resources(string action, string access, string parameters, string response, string types)
    {
        var method = EventSamples.Methods().Single(method => EventSamples.Name(method) == $"kms:{action}");
        var e = EventSamples.Call(method).Returned(EventSamples.Result(method));
        Assert.Equal(access, e.GetProperty("eventRW").GetString());
        Assert.Equal(Split(parameters), Names(e, "requestParameters"));
        Assert.Equal(Split(response), Names(e, "responseElements"));
        Assert.Equal(types, e.TryGetProperty("resourceType", out var type) ? type.GetString() : "");
    }

    [Theory]
    [InlineData("ReEncrypt", "SourceEncryptionContextKeys DestinationKeyId DestinationEncryptionContextKeys")]
    [InlineData("ReEncryptAsymmetric", "SourceKeyId SourceKeyVersionId SourceEncryptionAlgorithm DestinationKeyId DestinationEncryptionContextKeys")]
    public void ReEncrypt_tells_both_of_its_keys(string methodName, string parameters)
    {
        var method = EventSamples.Methods().Single(method => method.Name == methodName);
        var destination = Guid.Parse("11111111-2222-3333-4444-555555555555");
        object?[] arguments = [.. method.GetParameters().Select(parameter => parameter.Name == "destination" ? destination : EventSamples.Sample(parameter.ParameterType, parameter.Name!))];
        var e = EventCall.Of(method, arguments, EventCall.KeyGrain).Returned(EventSamples.Result(method));
        Assert.Equal(Split(parameters), Names(e, "requestParameters"));
        Assert.Equal(Split("KeyId KeyVersionId"), Names(e, "responseElements"));
        Assert.Equal(Key, e.GetProperty("resourceType").GetString());
        Assert.Equal($"{EventCall.KeyId},{destination}", e.GetProperty("resourceName").GetString());
        Assert.Equal([$"{EventCall.KeyId}", $"{destination}"], e.GetProperty("referencedResources").GetProperty(Key).EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public void Every_action_of_KMS_is_in_the_table()
    {
        var rows = typeof(EventKmsTests).GetMethod(nameof(An_action_tells_its_parameters_its_answer_and_its_resources))!
            .GetCustomAttributesData().Where(attribute => attribute.AttributeType == typeof(InlineDataAttribute))
            .Select(attribute => (string)((IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)attribute.ConstructorArguments[0].Value!)[0].Value!);
        var actions = EventSamples.Methods().Select(EventSamples.Name).Where(name => name.StartsWith("kms:", StringComparison.Ordinal)).Select(name => name[4..]).Distinct();
        Assert.Equal(actions.Order(StringComparer.Ordinal), rows.Append("ReEncrypt").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_alias_and_its_key_are_joined_in_step()
    {
        var method = EventSamples.Methods().Single(method => EventSamples.Name(method) == "kms:CreateAlias");
        var e = EventSamples.Call(method).Returned(null);
        Assert.Equal($"alias/orders;{EventCall.KeyId}", e.GetProperty("resourceName").GetString());
        Assert.Equal("""{"ACS::KMS::Alias":["alias/orders"],"ACS::KMS::Key":["5f0c8e1a-0b6d-4a39-8a57-3d7e9b1c2f44"]}""", e.GetProperty("referencedResources").GetRawText());
    }

    [Fact]
    public void Values_are_told_as_the_API_spells_them()
    {
        Assert.Equal("""{"Description":"description-1","KeyUsage":"ENCRYPT/DECRYPT","KeySpec":"Aliyun_AES_256","Origin":"Aliyun_KMS","ProtectionLevel":"SOFTWARE","EnableAutomaticRotation":"true","RotationInterval":"2592000s","Tags":"[{\"TagKey\":\"key-1\",\"TagValue\":\"value-1\"}]"}""", Parameters("kms:CreateKey"));
        Assert.Equal("""{"PageNumber":"7","PageSize":"7","Filters":"[{\"Key\":\"KeyState\",\"Values\":[\"Enabled\"]},{\"Key\":\"KeySpec\",\"Values\":[\"Aliyun_AES_256\"]},{\"Key\":\"KeyUsage\",\"Values\":[\"ENCRYPT/DECRYPT\"]},{\"Key\":\"ProtectionLevel\",\"Values\":[\"SOFTWARE\"]}]"}""", Parameters("kms:ListKeys"));
        Assert.Equal("""{"KeyId":"5f0c8e1a-0b6d-4a39-8a57-3d7e9b1c2f44","TagKeys":"[\"tagKeys-1\"]"}""", Parameters("kms:UntagResource"));
        Assert.Equal("""{"KeyId":"5f0c8e1a-0b6d-4a39-8a57-3d7e9b1c2f44","KeyMaterialExpireUnix":"1772352962"}""", Parameters("kms:ImportKeyMaterial"));
        Assert.Equal("""{"ProtectedResourceArn":"acs:kms:cn-hangzhou:1000000000000001:key/5f0c8e1a-0b6d-4a39-8a57-3d7e9b1c2f44","EnableDeletionProtection":"true","DeletionProtectionDescription":"description-1"}""", Parameters("kms:SetDeletionProtection"));
        Assert.Equal("""{"KeyId":"5f0c8e1a-0b6d-4a39-8a57-3d7e9b1c2f44","KeyVersionId":"5f0c8e1a-0b6d-4a39-8a57-3d7e9b1c2f44","Algorithm":"RSA_PSS_SHA_256"}""", Parameters("kms:AsymmetricSign"));
        Assert.Equal("""{"KeyId":"5f0c8e1a-0b6d-4a39-8a57-3d7e9b1c2f44","NumberOfBytes":"7","EncryptionContextKeys":["purpose"]}""", Parameters("kms:GenerateDataKey"));
    }

    private static string Parameters(string action)
    {
        var method = EventSamples.Methods().Single(method => EventSamples.Name(method) == action);
        return EventSamples.Call(method).Returned(EventSamples.Result(method)).GetProperty("requestParameters").GetRawText();
    }

    private static string[] Split(string names) => names.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string[] Names(JsonElement e, string field) => e.TryGetProperty(field, out var members) ? [.. members.EnumerateObject().Select(member => member.Name)] : [];
}
