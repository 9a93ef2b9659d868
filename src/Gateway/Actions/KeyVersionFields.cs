using Orleans.Kms.Gateway.Protocol;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Gateway.Actions;

/// <summary>Writes key versions.</summary>
internal static class KeyVersionFields
{
    private const string Name = "KeyVersion";

    /// <summary>Writes the object <c>KeyVersion</c>.</summary>
    public static void Write(ResponseWriter response, KeyVersion version)
    {
        response.BeginObject(Name);
        WriteFields(response, version);
        response.EndObject(Name);
    }

    /// <summary>Writes its fields.</summary>
    public static void WriteFields(ResponseWriter response, KeyVersion version)
    {
        response.Id("KeyId", version.KeyId);
        response.Id("KeyVersionId", version.VersionId);
        response.Time("CreationDate", version.CreatedAt);
    }
}
