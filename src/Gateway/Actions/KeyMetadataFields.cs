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
        OptionalTime(response, "DeleteDate", key.DeletesAt);
        OptionalTime(response, "MaterialExpireTime", key.MaterialExpiresAt);
        // Not a field of the documented object; old SDKs pass over it.
        if (key.IsImportedOutsideHsm) response.Text("ImportedOutsideHsm", "True");
        if (key.PrimaryVersion != Guid.Empty) response.Id("PrimaryKeyVersion", key.PrimaryVersion);
        response.Time("LastRotationDate", key.LastRotatedAt);
        if (key.Spec.IsSymmetric()) WriteRotation(response, key);
        if (withDeletionProtection)
        {
            response.Text("DeletionProtection", key.IsDeletionProtected ? "Enabled" : "Disabled");
            if (key.DeletionProtectionDescription.Length > 0) response.Text("DeletionProtectionDescription", key.DeletionProtectionDescription);
        }
        response.EndObject(Name);
    }

    private static void WriteRotation(ResponseWriter response, KeyMetadata key)
    {
        response.Text("AutomaticRotation", key.Rotation.ApiName());
        if (key.RotationInterval is { } interval) response.Text("RotationInterval", RotationInterval.Format(interval));
        if (key.NextRotationAt is { } next) response.Time("NextRotationDate", next);
    }

    private static void OptionalTime(ResponseWriter response, string name, DateTimeOffset? time)
    {
        if (time is { } value) response.Time(name, value);
        else response.Text(name, "");
    }
}
