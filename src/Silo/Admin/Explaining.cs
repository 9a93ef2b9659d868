using System.Globalization;
using Microsoft.Extensions.Options;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Keys;
using Orleans.Kms.Grains.Ram;
using Orleans.Kms.Grains.Ram.Policies;
using Orleans.Kms.Keys;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Silo.Admin;

/// <summary>The service's side of <see cref="Explain"/>: puts the question to the policies that count at this moment.</summary>
internal sealed class Explaining(IGrainFactory grains, SiloPass pass, IOptions<KmsOptions> options, TimeProvider clock)
{
    /// <summary>Reports the request and the policies; gives the verdict.</summary>
    /// <exception cref="StartupException">Somebody or something that is named there is not, or is malformed.</exception>
    public async Task<string> Run(IQueryCollection query, Func<string, Task> report)
    {
        pass.Attach();
        ExplainRules.CheckAction(Text(query, "action")!);
        var asker = await Find(query);
        ExplainRules.CheckResource(Text(query, "resource")!, Text(query, "action")!, asker.AccountId, options.Value.RegionId);
        var request = await Request(query, asker);
        await report($"who          {asker.Arn}");
        await report($"asks for     {request.Action} on {request.Resource}");
        if (request.ResourceTags is { Count: > 0 } tags) await report($"with tags    {string.Join(", ", tags.Select(tag => $"{tag.Key}={tag.Value}"))}");
        await report($"at           {request.Now:yyyy-MM-ddTHH:mm:ssZ}");
        if (asker.Identity is not { } identity)
        {
            return ExplainRules.IsAssumption(request.Action) ? "Deny: roles may not be assumed by root accounts." : "Allow: the account root may do everything in its account.";
        }
        await report($"policies     {(identity.Policies.Length == 0 ? "none" : string.Join(", ", identity.Policies.Select(Describe)))}");
        var named = Compile(identity);
        var session = asker.SessionPolicy is { } document ? new PolicySet([new("Session", "", "", Parse(document))]) : null;
        var notGiven = ExplainRules.NotGiven(new PolicySet(named).Needs | (session?.Needs ?? RequestNeeds.None), request);
        if (notGiven.Length > 0) await report($"not given    {notGiven}: the policies look at it, and take it for absent");
        if (session is null) return await Decide(asker, identity, named, request);
        var decision = session.Explain(request);
        return decision.Verdict switch
        {
            Verdict.Allow => await Decide(asker, identity, named, request),
            Verdict.ExplicitDeny => $"Deny: by statement {decision.Statement} of the session policy.",
            _ => "Deny: no statement of the session policy allows it.",
        };
    }

    private static NamedPolicy[] Compile(IdentityPolicies identity) =>
        [.. identity.Policies.Select(policy => new NamedPolicy(policy.Type.ToString(), policy.Name, policy.VersionId, Parse(policy.Document)))];

    private async Task<string> Decide(Who asker, IdentityPolicies identity, NamedPolicy[] named, AccessRequest request)
    {
        var decision = new PolicySet(named).Explain(request);
        if (decision.Policy is not { } policy) return "Deny: no statement allows it.";
        if (decision.Verdict == Verdict.Allow && ExplainRules.IsAssumption(request.Action) && !await IsTrusted(asker, request)) return "Deny: the role's trust policy does not allow it.";
        var verdict = decision.Verdict == Verdict.Allow ? "Allow" : "Deny";
        return $"{verdict}: by statement {decision.Statement} of {Describe(identity.Policies[Array.FindIndex(named, one => ReferenceEquals(one, policy))])}.";
    }

    // The other side of assuming a role, which the caller's own policies do not know.
    private async Task<bool> IsTrusted(Who asker, AccessRequest request)
    {
        var parts = request.Resource.Split(':');
        var arn = RoleArn.Parse($"acs:ram::{string.Join(':', parts[3..])}");
        pass.Attach();
        var role = await grains.GetGrain<IRamServiceGrain>(arn.AccountId).AssumableRole(arn.RoleName) ?? throw NoSuch("role", arn.RoleName);
        return TrustPolicy.Parse(role.AssumeRolePolicyDocument, int.MaxValue).Evaluate(asker.AccountId, asker.Arn, request) == Verdict.Allow;
    }

    private static string Describe(AttachedDocument policy) =>
        $"{policy.Name} ({(policy.Type == PolicyType.System ? "system" : "custom")} policy, {policy.VersionId}{(policy.Group is { } group ? $", of group {group}" : "")})";

    private async Task<Who> Find(IQueryCollection query)
    {
        if (Text(query, "access-key") is { } id)
        {
            var key = await grains.GetGrain<IAccessKeyServiceGrain>(id).State() ?? throw new StartupException($"there is no access key {id}; of temporary credentials name the role.");
            if (!key.IsActive) throw new StartupException($"access key {id} is Inactive: every request of it is refused.");
            if (key.UserId is null) return new($"acs:ram::{key.AccountId}:root", key.AccountId, null, null);
            return await User(key.AccountId, key.UserId, id);
        }
        var account = Text(query, "account") ?? throw new StartupException("--account is missing.");
        var ram = grains.GetGrain<IRamServiceGrain>(account);
        if (Text(query, "user") is { } userName) return await User(account, await ram.UserId(userName), userName);
        var roleName = Text(query, "role") ?? throw new StartupException("--role is missing.");
        var role = await ram.AssumableRole(roleName) ?? throw NoSuch("role", roleName);
        return new(role.Arn, account, await ram.PoliciesOfRole(role.RoleId) ?? throw NoSuch("role", roleName), Text(query, "session-policy"));
    }

    private async Task<Who> User(string account, string userId, string name)
    {
        var user = await grains.GetGrain<IRamServiceGrain>(account).PoliciesOfUser(userId) ?? throw NoSuch("user", name);
        return new($"acs:ram::{account}:user/{user.Name}", account, user, null);
    }

    private async Task<AccessRequest> Request(IQueryCollection query, Who asker)
    {
        var resource = Text(query, "resource")!;
        return new AccessRequest
        {
            Action = Text(query, "action")!,
            Resource = resource,
            PrincipalArn = asker.Arn,
            Now = Time(Text(query, "time")),
            SourceAddress = Text(query, "source-ip") is { } address ? SourceAddress.Parse(address) ?? throw new StartupException($"{address} is no address.") : null,
            SecureTransport = Text(query, "secure") is not null,
            ResourceTags = query["tag"].Count > 0 ? [.. Pairs(query, "tag").Select(pair => new Tag(pair.Key, pair.Value))] : await TagsOf(resource, asker.AccountId),
            RequestTags = [.. Pairs(query, "request-tag").Select(pair => new Tag(pair.Key, pair.Value))],
            EncryptionAlgorithm = Text(query, "algorithm"),
            EncryptionContext = EncryptionContext.Of(Pairs(query, "context")),
            ExternalId = Text(query, "external-id"),
        };
    }

    private async Task<IReadOnlyList<Tag>> TagsOf(string resource, string accountId)
    {
        var prefix = KeyId.Arn(options.Value.RegionId, accountId, default)[..^Guid.Empty.ToString("D").Length];
        if (!resource.StartsWith(prefix, StringComparison.Ordinal) || !KeyId.TryParse(resource[prefix.Length..], out var id)) return [];
        try { return await grains.GetGrain<IKeyServiceGrain>(KeyId.GrainKey(accountId, id)).TagsForPolicies(); }
        catch (KmsException e) when (e.Code == KmsErrorCode.KeyNotFound) { throw new StartupException($"there is no CMK {id:D} in account {accountId}; give its tags with --tag to ask all the same."); }
    }

    private DateTimeOffset Time(string? text)
    {
        if (text is null) return clock.GetUtcNow();
        return DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new StartupException($"{text} is no time; write it as 2026-03-01T12:00:00Z.");
    }

    private static IEnumerable<KeyValuePair<string, string>> Pairs(IQueryCollection query, string name)
    {
        foreach (var text in query[name])
        {
            var equals = text?.IndexOf('=', StringComparison.Ordinal) ?? -1;
            if (equals <= 0) throw new StartupException($"--{name} {text} is no KEY=VALUE.");
            yield return new(text![..equals], text[(equals + 1)..]);
        }
    }

    private static PolicyDocument Parse(string document)
    {
        try { return PolicyDocument.Parse(document, int.MaxValue); }
        catch (PolicyFormatException e) { throw new StartupException($"a policy is malformed: {e.Message}"); }
    }

    private static StartupException NoSuch(string kind, string name) => new($"there is no {kind} {name}.");

    private static string? Text(IQueryCollection query, string name) => query[name] is [{ Length: > 0 } text] ? text : null;

    private sealed record Who(string Arn, string AccountId, IdentityPolicies? Identity, string? SessionPolicy);
}
