using Orleans.Kms.Errors;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Gateway.Actions;

internal static class CreateKeyAction
{
    public static async ValueTask Handle(ActionCall call)
    {
        if (call.Text("DKMSInstanceId") is not null) throw new KmsException(KmsErrorCode.InstanceNotFound);
        foreach (var parameter in new[] { "Policy", "KeyStorageMechanism" })
        {
            if (call.Text(parameter) is not null) throw Unsupported(parameter);
        }
        if (call.Text("KeySpec") is { } other && OtherSpecs.Names.Contains(other)) throw Unsupported($"KeySpec {other}");
        var spec = ApiNames.Parse(call.Text("KeySpec"), "KeySpec", KeySpec.Aes256, ApiNames.ApiName);
        var settings = new KeySettings(
            spec,
            ApiNames.Parse(call.Text("KeyUsage"), "KeyUsage", spec.DefaultUsage(), ApiNames.ApiName),
            ApiNames.Parse(call.Text("Origin"), "Origin", KeyOrigin.Kms, ApiNames.ApiName),
            ApiNames.Parse(call.Text("ProtectionLevel"), "ProtectionLevel", ProtectionLevel.Software, ApiNames.ApiName),
            call.Text("Description") ?? "",
            call.Flag("EnableAutomaticRotation") ? RotationInterval.Parse(call.Required("RotationInterval")) : null,
            TagParameters.Read(call)).Checked();
        call.Response.RequireCarries(settings.Description);
        var key = await call.Grains.Directory(call.AccountId).CreateKey(settings);
        KeyMetadataFields.Write(call.Response, key, withDeletionProtection: false);
    }

    private static KmsException Unsupported(string what) => new(KmsErrorCode.UnsupportedOperation, $"This action is not supported. {what} is not available.");
}
