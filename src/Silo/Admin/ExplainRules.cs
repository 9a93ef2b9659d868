using System.Collections.Frozen;
using System.Reflection;
using Orleans.Kms.Access;
using Orleans.Kms.Grains.Ram.Policies;

namespace Orleans.Kms.Silo.Admin;

/// <summary>Refuses a question that no request puts: the answer to a misspelt one would mislead.</summary>
internal static class ExplainRules
{
    private const int ResourceParts = 5;

    private static readonly FrozenSet<string> Actions = Declared().SelectMany(Names).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Refuses an action that is none.</summary>
    /// <exception cref="StartupException">There is no such action.</exception>
    public static void CheckAction(string action)
    {
        if (!Actions.Contains(action)) throw new StartupException($"there is no action {action} for policies; write it as kms:Encrypt, docs/ram.md lists all.");
    }

    /// <summary>Refuses a resource that is none, or that a caller of the account does not reach.</summary>
    /// <exception cref="StartupException">It is not.</exception>
    public static void CheckResource(string resource, string action, string accountId, string regionId)
    {
        if (resource == "*" && !IsAssumption(action)) return;
        var parts = resource.Split(':', ResourceParts);
        if (parts.Length < ResourceParts || parts[0] != "acs" || parts[^1].Length == 0)
        {
            throw new StartupException($"{resource} is no resource; write it as the refusal named it, for example acs:kms:{regionId}:{accountId}:key/ID.");
        }
        if (parts[1] == "kms" && parts[2] != regionId) throw new StartupException($"{resource} is of the region {parts[2]}, and this service's is {regionId}.");
        if (parts[3] != accountId && !IsShared(parts, action)) throw new StartupException($"{resource} is of the account {parts[3]}: nobody of account {accountId} reaches it.");
    }

    /// <summary>The options that the question lacks though the policies look at what they say; empty if it lacks none.</summary>
    public static string NotGiven(RequestNeeds needs, in AccessRequest request)
    {
        (RequestNeeds Need, bool IsGiven, string Option)[] options =
        [
            (RequestNeeds.SourceAddress, request.SourceAddress is not null, "--source-ip"),
            (RequestNeeds.RequestTags, request.RequestTags is { Count: > 0 }, "--request-tag"),
            (RequestNeeds.EncryptionAlgorithm, request.EncryptionAlgorithm is not null, "--algorithm"),
            (RequestNeeds.EncryptionContext, request.EncryptionContext is { Pairs.Count: > 0 }, "--context"),
        ];
        return string.Join(", ", options.Where(option => needs.HasFlag(option.Need) && !option.IsGiven).Select(option => option.Option));
    }

    /// <summary>Whether the action is to assume a role.</summary>
    public static bool IsAssumption(string action) => action.Equals("sts:AssumeRole", StringComparison.OrdinalIgnoreCase);

    // System policies belong to no account, and a role may trust others than its own.
    private static bool IsShared(string[] parts, string action) => (parts[1] == "ram" && parts[3] == "system") || IsAssumption(action);

    private static IEnumerable<ActionAttribute> Declared() =>
        typeof(ActionAttribute).Assembly.GetTypes().Where(type => type.IsInterface).SelectMany(type => type.GetMethods()).Select(method => method.GetCustomAttribute<ActionAttribute>()).OfType<ActionAttribute>();

    // What everybody may is not asked of policies.
    private static string[] Names(ActionAttribute action) => action switch
    {
        KmsActionAttribute { Resource: ResourceKind.SourceAndDestination } => [action.RamName + "From", action.RamName + "To"],
        RamActionAttribute { Resources.Count: 0 } => [],
        _ => [action.RamName],
    };
}
