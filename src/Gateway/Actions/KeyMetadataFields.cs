using Orleans.Kms.Gateway.Protocol;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Gateway.Actions;

/// <summary>Writes the object <c>KeyMetadata</c>. All its values are texts; a time that there is not is the empty text.</summary>
internal static class KeyMetadataFields
{
    private const string Name = "KeyMetadata";

    /// <summary>Writes it. Only DescribeKey shows deletion protection.</summary>
    public static void Write(ResponseWriter response, KeyMetadata key, bool withDeletionProtection)
    {
        response.BeginObject(Name);
        response.Id("KeyId", key.KeyId);
        response.Text("Arn", key.Arn);
        response.Text("KeyState", key.State.ApiName());
        response.Text("KeyUsage", key.Usage.ApiName());
        response.Text("KeySpec", key.Spec.ApiName());
        response.Text("Origin", key.Origin.ApiName());
        response.Text("ProtectionLevel", key.ProtectionLevel.ApiName());
        response.Text("Description", key.Description);
        response.Time("CreationDate", key.CreatedAt);
        response.Text("Creator", key.Creator);
        response.Text("DeleteDate", "");
        response.Text("MaterialExpireTime", "");
        response.Id("PrimaryKeyVersion", key.PrimaryVersion);
        response.Time("LastRotationDate", key.LastRotatedAt);
        response.Text("AutomaticRotation", "Disabled");
        if (withDeletionProtection) response.Text("DeletionProtection", "Disabled");
        response.EndObject(Name);
    }
}
