using System.Reflection;
using System.Text.Json;
using Orleans.Kms.Access;
using Orleans.Kms.Keys;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>The parameter by which the API names what is a grain here: a CMK or an alias.</summary>
internal sealed class ToldKey
{
    private const string Alias = "AliasName";
    private const string Arn = "ProtectedResourceArn";

    private readonly JsonEncodedText _name;

    private ToldKey(string name) => _name = JsonEncodedText.Encode(name);

    /// <summary>The parameter of an action; null if it has none. A blob names its CMK itself.</summary>
    public static ToldKey? Of(ActionAttribute action, MethodInfo method) => action switch
    {
        KmsActionAttribute { Resource: ResourceKind.Alias } => new(Alias),
        KmsActionAttribute { Resource: ResourceKind.Key or ResourceKind.SourceAndDestination } when Array.Exists(method.GetParameters(), parameter => parameter.Name == "blob") => null,
        KmsActionAttribute { Resource: ResourceKind.SourceAndDestination } => new("SourceKeyId"),
        KmsActionAttribute { Resource: ResourceKind.Key, Action: "SetDeletionProtection" } => new(Arn),
        KmsActionAttribute { Resource: ResourceKind.Key } => new("KeyId"),
        _ => null,
    };

    /// <summary>Writes it: as it was sent, if that was not the id.</summary>
    public void Tell(EventJson json, in CallContent call, string regionId)
    {
        if (_name.Value == Alias) json.Text(_name, call.Alias);
        else if (SentKeyName.Of(_name.Value) is { Length: > 0 } sent) json.Text(_name, sent);
        else if (call.KeyId != Guid.Empty && _name.Value == Arn) json.Text(_name, KeyId.Arn(regionId, call.AccountId, call.KeyId));
        else if (call.KeyId != Guid.Empty) json.Id(_name, call.KeyId);
    }
}
