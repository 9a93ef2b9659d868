using System.Data.Common;
using Orleans.Kms.Grains.Ram.Policies;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Ram;

/// <summary>Lists policies in order of name. A system policy and a custom one may have one name: the system policy goes first.</summary>
internal static class PolicyPage
{
    // Sorts before all that names may contain.
    private const char Separator = ' ';

    /// <summary>What a policy's place in the list is: its folded name, then its type.</summary>
    public static string Place(RamPolicy policy) => $"{RamNames.Fold(policy.PolicyName)}{Separator}{(int)policy.PolicyType}";

    /// <summary>Policies behind a place.</summary>
    public static List<RamPolicy> Read(DbCommand command, string accountId, PolicyType? type, string after, int limit)
    {
        var policies = new List<RamPolicy>();
        if (type != PolicyType.System) policies.AddRange(Custom(command, accountId, after, limit));
        if (type != PolicyType.Custom) policies.AddRange(System(command, accountId));
        return [.. policies.Where(policy => string.CompareOrdinal(Place(policy), after) > 0).OrderBy(Place, StringComparer.Ordinal).Take(limit)];
    }

    // From the name of the place on: whether that one itself comes is up to its type, so one more is read.
    private static IEnumerable<RamPolicy> Custom(DbCommand command, string accountId, string after, int limit) =>
        PolicyTable.Page(command, accountId, after.Split(Separator)[0], limit + 1).Select(policy => policy.Policy);

    private static IEnumerable<RamPolicy> System(DbCommand command, string accountId)
    {
        var counts = AttachmentTable.SystemCounts(command, accountId);
        return SystemPolicies.All.Select(policy => ServicePolicies.Shown(policy, counts.GetValueOrDefault(policy.Name)));
    }
}
