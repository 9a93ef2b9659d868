using System.Reflection;
using System.Text.Json;
using Orleans.Kms.Access;
using Orleans.Kms.Keys;
using Orleans.Kms.Ram;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>
/// What is told of the result of a call: what a change made, and by which key version cryptography was done. Each type's parts are listed here, so that a part that is new, or
/// secret, is not told.
/// </summary>
internal static class ToldResults
{
    private static readonly JsonEncodedText KeyIdName = JsonEncodedText.Encode("KeyId");
    private static readonly JsonEncodedText KeyVersionId = JsonEncodedText.Encode("KeyVersionId");

    /// <summary>How the result of a method is told; null if it is not.</summary>
    public static Action<EventJson, CallContent>? Of(ActionAttribute action, MethodInfo method)
    {
        var type = method.ReturnType.IsGenericType ? method.ReturnType.GetGenericArguments()[0] : typeof(void);
        if (type == typeof(EncryptResult)) return (json, call) => Versions(json, call.KeyId, ((EncryptResult)call.Result!).KeyVersionId);
        if (type == typeof(DecryptResult)) return (json, call) => Versions(json, call.KeyId, ((DecryptResult)call.Result!).KeyVersionId);
        if (type == typeof(DataKeyResult)) return (json, call) => Versions(json, call.KeyId, ((DataKeyResult)call.Result!).KeyVersionId);
        if (type == typeof(ExportedDataKey)) return (json, call) => Versions(json, call.KeyId, ((ExportedDataKey)call.Result!).KeyVersionId);
        if (type == typeof(ImportParameters)) return (json, call) => Import(json, call.KeyId, (ImportParameters)call.Result!);
        if (type == typeof(AssumedRole)) return (json, call) => ToldEntities.Session(json, (AssumedRole)call.Result!);
        if (action.Action.StartsWith("Asymmetric", StringComparison.Ordinal)) return (json, call) => Versions(json, call.KeyId, (Guid)call.Request.GetArgument(0)!);
        return action.Access == ActionAccess.Write ? OfChange(type, isUpdate: action.Action.StartsWith("Update", StringComparison.Ordinal)) : null;
    }

    private static Action<EventJson, CallContent>? OfChange(Type type, bool isUpdate)
    {
        if (type == typeof(KeyMetadata)) return (json, call) => ToldEntities.Key(json, (KeyMetadata)call.Result!);
        if (type == typeof(KeyVersion)) return (json, call) => ToldEntities.Version(json, (KeyVersion)call.Result!);
        if (type == typeof(RamNewAccessKey)) return (json, call) => ToldEntities.AccessKey(json, ((RamNewAccessKey)call.Result!).AccessKey);
        if (type == typeof(RamUser)) return (json, call) => ToldRam.User(json, (RamUser)call.Result!, isUpdate);
        if (type == typeof(RamGroup)) return (json, call) => ToldRam.Group(json, (RamGroup)call.Result!, isUpdate);
        if (type == typeof(RamRole)) return (json, call) => ToldRam.Role(json, (RamRole)call.Result!, isUpdate);
        if (type == typeof(RamPolicy)) return (json, call) => ToldRam.Policy(json, (RamPolicy)call.Result!, isUpdate);
        if (type == typeof(RamPolicyVersion)) return (json, call) => ToldRam.PolicyVersion(json, (RamPolicyVersion)call.Result!);
        if (type == typeof(TrailDescription)) return (json, call) => ToldTrails.Trail(json, (TrailDescription)call.Result!);
        return null;
    }

    private static void Versions(EventJson json, Guid keyId, Guid versionId)
    {
        json.Id(KeyIdName, keyId);
        json.Id(KeyVersionId, versionId);
    }

    private static void Import(EventJson json, Guid keyId, ImportParameters parameters)
    {
        json.Id(KeyIdName, keyId);
        json.Time(JsonEncodedText.Encode("TokenExpireTime"), parameters.ExpiresAt);
    }
}
