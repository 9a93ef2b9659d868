using System.Collections.Frozen;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Gateway.Actions;

internal static class CreateKeyAction
{
    // Documented key specs that this service does not offer.
    private static readonly FrozenSet<string> OtherSpecs = new[]
    {
        "Aliyun_AES_192", "Aliyun_AES_128", "Aliyun_SM4", "RSA_2048", "RSA_3072", "RSA_4096", "EC_P256", "EC_P256K", "EC_SM2",
    }.ToFrozenSet();

    public static async ValueTask Handle(ActionCall call)
    {
        if (call.Text("DKMSInstanceId") is not null) throw new KmsException(KmsErrorCode.InstanceNotFound);
        if (call.Text("KeySpec") is { } spec && OtherSpecs.Contains(spec)) throw Unsupported($"KeySpec {spec}");
        if (call.Flag("EnableAutomaticRotation")) throw Unsupported("EnableAutomaticRotation");
        if (call.Text("Tags") is not (null or "[]")) throw Unsupported("Tags");
        if (call.Text("Policy") is not null) throw Unsupported("Policy");
        var settings = new KeySettings(
            ApiNames.Parse(call.Text("KeySpec"), "KeySpec", KeySpec.Aes256, ApiNames.ApiName),
            ApiNames.Parse(call.Text("KeyUsage"), "KeyUsage", KeyUsage.EncryptDecrypt, ApiNames.ApiName),
            ApiNames.Parse(call.Text("Origin"), "Origin", KeyOrigin.Kms, ApiNames.ApiName),
            ApiNames.Parse(call.Text("ProtectionLevel"), "ProtectionLevel", ProtectionLevel.Software, ApiNames.ApiName),
            call.Text("Description") ?? "").Checked();
        call.Response.RequireCarries(settings.Description);
        var key = await call.Grains.Directory(call.AccountId).CreateKey(settings);
        KeyMetadataFields.Write(call.Response, key, withDeletionProtection: false);
    }

    private static KmsException Unsupported(string what) => new(KmsErrorCode.UnsupportedOperation, $"This action is not supported. {what} is not available.");
}
