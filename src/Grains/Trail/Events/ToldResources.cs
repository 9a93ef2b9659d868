using System.Reflection;
using Orleans.Kms.Access;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>Finds what a call is about, by what its method's attribute and parameters say.</summary>
internal static class ToldResources
{
    private const string RoleArnPrefix = "acs:ram::";

    /// <summary>How the resources of a method's calls are found.</summary>
    public static Action<EventResources, CallContent> Of(ActionAttribute action, MethodInfo method)
    {
        var parameters = method.GetParameters();
        if (action is not KmsActionAttribute kms) return OfNames(action.Service, parameters);
        var (keys, destination, target) = (Find(parameters, "keyIds"), Find(parameters, "destination"), Find(parameters, "keyId"));
        return kms.Resource switch
        {
            ResourceKind.Key => (resources, call) => AddOwn(resources, call),
            ResourceKind.SourceAndDestination => (resources, call) =>
            {
                AddOwn(resources, call);
                resources.AddKey((Guid)call.Request.GetArgument(destination)!);
            },
            ResourceKind.Alias => (resources, call) => AddAlias(resources, call, target),
            ResourceKind.Keys when keys >= 0 => (resources, call) => AddKeys(resources, call.Request.GetArgument(keys) as Guid[]),
            ResourceKind.Keys => (resources, call) => AddKeys(resources, (call.Request.GetArgument(0) as TagQuery)?.KeyIds),
            _ => AddMade,
        };
    }

    private static void AddOwn(EventResources resources, in CallContent call)
    {
        if (call.KeyId != Guid.Empty) resources.AddKey(call.KeyId);
    }

    private static void AddMade(EventResources resources, CallContent call)
    {
        if (call.Result is KeyMetadata made) resources.AddKey(made.KeyId);
    }

    private static void AddAlias(EventResources resources, in CallContent call, int target)
    {
        resources.Add(EventResources.Alias, call.Alias);
        var keyId = target >= 0 ? (Guid)call.Request.GetArgument(target)! : call.AliasTarget;
        if (keyId is { } known) resources.AddKey(known);
    }

    private static void AddKeys(EventResources resources, Guid[]? ids)
    {
        foreach (var id in (ids ?? []).AsSpan()[..Math.Min(ids?.Length ?? 0, TagQuery.MaxResources)]) resources.AddKey(id);
    }

    // RAM's methods name their resources by their parameters' names.
    private static Action<EventResources, CallContent> OfNames(string service, ParameterInfo[] parameters)
    {
        var named = parameters.Select(parameter => (parameter.Position, Type: TypeOf(service, parameter.Name!))).Where(parameter => parameter.Type is not null).ToArray();
        return (resources, call) =>
        {
            foreach (var (position, type) in named) AddNamed(resources, type!, call.Request.GetArgument(position), call.OwnName);
            AddMadeBy(resources, call.Result);
        };
    }

    private static string? TypeOf(string service, string parameter) => parameter switch
    {
        "userName" => EventResources.User,
        "groupName" or "newGroupName" => EventResources.Group,
        "roleName" or "roleArn" => EventResources.Role,
        "policyName" => EventResources.Policy,
        "accessKeyId" => EventResources.AccessKey,
        "settings" or "changes" when service == "ram" => EventResources.User,
        "name" when service == "actiontrail" => EventResources.Trail,
        _ => null,
    };

    private static void AddNamed(EventResources resources, string type, object? argument, string? ownName)
    {
        if (argument is RamUserSettings { UserName: var userName }) resources.Add(type, userName);
        else if (argument is string text) resources.Add(type, text.StartsWith(RoleArnPrefix, StringComparison.Ordinal) ? RoleIn(text) : text);
        else if (argument is null && type == EventResources.User) resources.Add(type, ownName);
    }

    internal static string RoleIn(string arn) => arn[(arn.LastIndexOf('/') + 1)..];

    private static void AddMadeBy(EventResources resources, object? result)
    {
        if (result is RamNewAccessKey made) resources.Add(EventResources.AccessKey, made.AccessKey.AccessKeyId);
        else if (result is AssumedRole session) resources.Add(EventResources.AccessKey, session.Credentials.AccessKeyId);
    }

    private static int Find(ParameterInfo[] parameters, string name) => Array.FindIndex(parameters, parameter => parameter.Name == name);
}
