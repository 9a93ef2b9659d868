using System.Text.Json;
using Orleans.Kms.Keys;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>Tells what a change made, in the form of its answer.</summary>
internal static class ToldEntities
{
    /// <summary>A CMK.</summary>
    public static void Key(EventJson json, KeyMetadata key)
    {
        json.BeginObject(Name("KeyMetadata"));
        json.Id(Name("KeyId"), key.KeyId);
        json.Text("Arn", key.Arn);
        json.Text("KeyState", key.State.ApiName());
        json.Text("KeyUsage", key.Usage.ApiName());
        json.Text("KeySpec", key.Spec.ApiName());
        json.Text("Origin", key.Origin.ApiName());
        json.Text("ProtectionLevel", key.ProtectionLevel.ApiName());
        json.Text("Description", key.Description);
        json.Time(Name("CreationDate"), key.CreatedAt);
        json.Text("Creator", key.Creator);
        if (key.PrimaryVersion != Guid.Empty) json.Id(Name("PrimaryKeyVersion"), key.PrimaryVersion);
        if (key.Spec.IsSymmetric()) Rotation(json, key);
        json.EndObject();
    }

    /// <summary>A key version.</summary>
    public static void Version(EventJson json, KeyVersion version)
    {
        json.BeginObject(Name("KeyVersion"));
        json.Id(Name("KeyId"), version.KeyId);
        json.Id(Name("KeyVersionId"), version.VersionId);
        json.Time(Name("CreationDate"), version.CreatedAt);
        json.EndObject();
    }

    /// <summary>An access key, without its secret.</summary>
    public static void AccessKey(EventJson json, RamAccessKey key)
    {
        json.BeginObject(Name("AccessKey"));
        json.Text("AccessKeyId", key.AccessKeyId);
        json.Text("Status", key.IsActive ? "Active" : "Inactive");
        json.Time(Name("CreateDate"), key.CreatedAt);
        json.EndObject();
    }

    /// <summary>A session, without secret and token.</summary>
    public static void Session(EventJson json, AssumedRole session)
    {
        json.BeginObject(Name("Credentials"));
        json.Text("AccessKeyId", session.Credentials.AccessKeyId);
        json.Time(Name("Expiration"), session.Credentials.Expiration);
        json.EndObject();
        json.BeginObject(Name("AssumedRoleUser"));
        json.Text("Arn", session.Arn);
        json.Text("AssumedRoleId", session.AssumedRoleId);
        json.EndObject();
    }

    private static void Rotation(EventJson json, KeyMetadata key)
    {
        json.Text("AutomaticRotation", key.Rotation.ApiName());
        if (key.RotationInterval is { } interval) json.Text("RotationInterval", RotationInterval.Format(interval));
        if (key.NextRotationAt is { } next) json.Time(Name("NextRotationDate"), next);
    }

    private static JsonEncodedText Name(string name) => JsonEncodedText.Encode(name);
}
