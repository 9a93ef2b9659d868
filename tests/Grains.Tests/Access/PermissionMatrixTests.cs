using System.Reflection;
using System.Text.Json;
using Orleans.Kms.Access;
using Orleans.Kms.Aliases;
using Orleans.Kms.Errors;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Tests.Access;

/// <summary>
/// Every action of KMS, RAM, STS and ActionTrail, called by a RAM user who is allowed exactly this, who is denied it, who is allowed it for another resource, and whose policy names another
/// tag. Whatever else the call ends with: it is refused for lack of permission if and only if it should be.
/// </summary>
[Collection(TokenTests.Name)]
public sealed class PermissionMatrixTests(PermissionMatrixTests.Fixture fixture) : IClassFixture<PermissionMatrixTests.Fixture>
{
    private const string Region = "acs:kms:local-1:" + TestKms.Account;
    private const string Ram = "acs:ram:*:" + TestKms.Account;
    private const string Alias = "alias/a";
    private const string Policy = "matrix";
    private const string Nobody = "nobody";

    private readonly TestKms _kms = fixture.Kms;

    public sealed class Fixture(TokenFixture token) : IAsyncLifetime
    {
        internal TestKms Kms { get; private set; } = null!;
        internal CallerToken User { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Kms = await TestKms.Start(token, token.NewFolder(), rootKeyFile: Path.Combine(token.NewFolder(), "root.keys"));
            User = await Kms.CreateUser("matrix");
            Kms.SignIn();
            await Kms.Policies.CreatePolicy(Policy, Json(new Statement("Allow", ["kms:none"], ["*"])), null);
            await Kms.Policies.AttachPolicyToUser(PolicyType.Custom, Policy, "matrix");
        }

        public async Task DisposeAsync() => await Kms.DisposeAsync();
    }

    public static TheoryData<string, string> Methods()
    {
        var data = new TheoryData<string, string>();
        foreach (var method in All()) data.Add(method.DeclaringType!.Name, method.Name);
        return data;
    }

    [Theory, MemberData(nameof(Methods))]
    public async Task A_call_is_allowed_exactly_if_policies_allow_it(string grain, string name)
    {
        var method = All().Single(m => m.DeclaringType!.Name == grain && m.Name == name);
        var action = method.GetCustomAttribute<ActionAttribute>()!;
        var subject = await Subject.Make(_kms);
        var needs = Needs(action, subject).ToArray();
        // Two actions of STS and RAM's own rule: GetCallerIdentity is always allowed.
        if (needs.Length == 0)
        {
            await Expect(true, method, subject, new Statement("Deny", ["*"], ["*"]));
            return;
        }

        await Expect(false, method, subject, new Statement("Allow", ["kms:none"], ["*"]));
        await Expect(false, method, subject, new Statement("Allow", ["*"], ["*"]), new Statement("Deny", [.. needs.Select(need => need.Action)], ["*"]));
        await Expect(false, method, subject, new Statement("Allow", [.. needs.Select(need => need.Action)], ["*"], IsNotAction: true));
        foreach (var missing in needs.Where(need => need.Resource != "*"))
        {
            await Expect(false, method, subject, [.. needs.Except([missing]).Select(Allow), Allow(missing with { Resource = missing.Resource + "x" })]);
            await Expect(false, method, subject, [.. needs.Select(Allow), new("Deny", ["*"], [missing.Resource])]);
        }
        foreach (var tagged in needs.Where(need => need.IsTagged))
        {
            await Expect(false, method, subject, [.. needs.Except([tagged]).Select(Allow), Allow(tagged) with { Tag = "Gemini" }]);
            await Expect(false, method, subject, [.. needs.Select(Allow), new("Deny", ["*"], ["*"], "Apollo")]);
        }
        // Last: it is carried out, as far as its arguments go.
        await Expect(true, method, subject, [.. needs.Select(Allow)]);
    }

    private static Statement Allow(Need need) => new("Allow", [need.Action], [need.Resource], need.IsTagged ? "Apollo" : null);

    private async Task Expect(bool isAllowed, MethodInfo method, Subject subject, params Statement[] statements)
    {
        _kms.SignIn();
        await _kms.Policies.CreatePolicyVersion(Policy, Json(statements), setAsDefault: true, rotate: true);
        fixture.User.Attach();
        var refusal = await Record.ExceptionAsync(() => subject.Call(_kms, method));
        var isRefused = refusal is KmsException { Code: KmsErrorCode.NoPermission or KmsErrorCode.RamNoPermission };
        Assert.True(isRefused != isAllowed, $"{method.Name} under {Json(statements)}: {refusal?.ToString() ?? "carried out"}");
    }

    private static IEnumerable<MethodInfo> All() => typeof(ActionAttribute).Assembly.GetTypes().Where(type => type.IsInterface)
        .SelectMany(type => type.GetMethods()).Where(method => method.GetCustomAttribute<ActionAttribute>() is not null);

    // What the contract says each action needs, written down once more.
    private static IEnumerable<Need> Needs(ActionAttribute action, Subject subject)
    {
        var name = action.RamName;
        var key = new Need(name, $"{Region}:key/{subject.KeyId:D}", IsTagged: true);
        var other = new Need(name, $"{Region}:key/{subject.OtherKeyId:D}", IsTagged: true);
        return (action as KmsActionAttribute)?.Resource switch
        {
            ResourceKind.Key or ResourceKind.Keys => [key],
            ResourceKind.KeyContainer => [new(name, $"{Region}:key")],
            ResourceKind.AliasContainer => [new(name, $"{Region}:alias")],
            ResourceKind.Service => [new(name, "*")],
            ResourceKind.SourceAndDestination => [key with { Action = "kms:ReEncryptFrom" }, other with { Action = "kms:ReEncryptTo" }],
            ResourceKind.Alias when name == "kms:CreateAlias" => [new(name, $"{Region}:alias/a"), other],
            ResourceKind.Alias when name == "kms:DeleteAlias" => [new(name, $"{Region}:alias/a"), key],
            ResourceKind.Alias => [new(name, $"{Region}:alias/a"), key, other],
            null => RamNeeds(name),
            _ => throw new ArgumentOutOfRangeException(nameof(action)),
        };
    }

    private static IEnumerable<Need> RamNeeds(string name)
    {
        Need Of(string resource) => new(name, resource == "*" ? "*" : name.StartsWith("actiontrail:", StringComparison.Ordinal) ? $"acs:actiontrail:*:{TestKms.Account}:{resource}" : $"{Ram}:{resource}");
        string[] resources = name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..] switch
        {
            "GetCallerIdentity" => [],
            "LookupEvents" or "DescribeTrails" => ["*"],
            "StartLogging" or "StopLogging" => ["trail/nobody"],
            var rest when rest.Contains("Trail", StringComparison.Ordinal) => ["trail/nobody"],
            "CreateUser" or "ListUsers" => ["user/*"],
            "CreateGroup" or "ListGroups" => ["group/*"],
            "CreateRole" or "ListRoles" => ["role/*"],
            "CreatePolicy" or "ListPolicies" => ["policy/*"],
            "AddUserToGroup" or "RemoveUserFromGroup" => ["user/nobody", "group/nobody"],
            "AttachPolicyToUser" or "DetachPolicyFromUser" => ["user/nobody", "policy/nobody"],
            "AttachPolicyToGroup" or "DetachPolicyFromGroup" => ["group/nobody", "policy/nobody"],
            "AttachPolicyToRole" or "DetachPolicyFromRole" => ["role/nobody", "policy/nobody"],
            "ListUsersForGroup" or "ListPoliciesForGroup" => ["group/nobody"],
            "ListPoliciesForRole" or "AssumeRole" => ["role/nobody"],
            "ListEntitiesForPolicy" => ["policy/nobody"],
            var rest when rest.EndsWith("User", StringComparison.Ordinal) || rest.Contains("AccessKey", StringComparison.Ordinal) => ["user/nobody"],
            var rest when rest.EndsWith("Group", StringComparison.Ordinal) => ["group/nobody"],
            var rest when rest.EndsWith("Role", StringComparison.Ordinal) => ["role/nobody"],
            var rest when rest.Contains("Policy", StringComparison.Ordinal) => ["policy/nobody"],
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "What does it need?"),
        };
        return resources.Select(Of);
    }

    private static string Json(params Statement[] statements) => JsonSerializer.Serialize(new { Version = "1", Statement = statements.Select(statement => statement.ToJson()) });

    /// <summary>A right that an action needs.</summary>
    private sealed record Need(string Action, string Resource, bool IsTagged = false);

    private sealed record Statement(string Effect, string[] Actions, string[] Resources, string? Tag = null, bool IsNotAction = false)
    {
        public Dictionary<string, object> ToJson()
        {
            var json = new Dictionary<string, object> { ["Effect"] = Effect, [IsNotAction ? "NotAction" : "Action"] = Actions, ["Resource"] = Resources };
            if (Tag is not null) json["Condition"] = new Dictionary<string, object> { ["StringEquals"] = new Dictionary<string, string> { ["kms:tag/Project"] = Tag } };
            return json;
        }
    }

    /// <summary>What the calls are about: two CMKs with the tag Project=Apollo, and an alias of the first one.</summary>
    private sealed record Subject(Guid KeyId, Guid OtherKeyId)
    {
        public static async Task<Subject> Make(TestKms kms)
        {
            kms.SignIn();
            var settings = new KeySettings(KeySpec.Aes256, KeyUsage.EncryptDecrypt, KeyOrigin.Kms, ProtectionLevel.Software, "") { Tags = [new("Project", "Apollo")] };
            var (one, two) = ((await kms.Directory().CreateKey(settings)).KeyId, (await kms.Directory().CreateKey(settings)).KeyId);
            if (await Record.ExceptionAsync(() => kms.Alias(Alias).Update(one)) is not null) await kms.Alias(Alias).Create(one);
            return new(one, two);
        }

        public async Task Call(TestKms kms, MethodInfo method)
        {
            var grain = kms.Grains.GetGrain(method.DeclaringType!, GrainKey(method.DeclaringType!));
            var result = method.Invoke(grain, [.. method.GetParameters().Select(Argument)])!;
            await (result as Task ?? (Task)result.GetType().GetMethod(nameof(ValueTask.AsTask))!.Invoke(result, [])!);
        }

        private string GrainKey(Type grain)
        {
            if (grain == typeof(IAliasGrain)) return AliasName.GrainKey(TestKms.Account, Alias);
            return grain.Namespace == typeof(IKeyGrain).Namespace ? Orleans.Kms.Keys.KeyId.GrainKey(TestKms.Account, KeyId) : TestKms.Account;
        }

        private object? Argument(ParameterInfo parameter) => parameter switch
        {
            { Name: "destination" or "keyId" } => OtherKeyId,
            { Name: "roleArn" } => $"acs:ram::{TestKms.Account}:role/{Nobody}",
            { ParameterType: var type } when type == typeof(Guid[]) => (Guid[])[KeyId],
            { ParameterType: var type } when type == typeof(TagQuery) => new TagQuery([KeyId], [], null),
            { ParameterType: var type } when type == typeof(Tag[]) => (Tag[])[new("k", "v")],
            { ParameterType: var type } when type == typeof(string[]) => (string[])["k"],
            { ParameterType: var type } when type == typeof(byte[]) => (byte[])[1],
            { ParameterType: var type } when type == typeof(string) => Nobody,
            { ParameterType: var type } when type == typeof(EncryptionContext) => EncryptionContext.Empty,
            { ParameterType: var type } when type == typeof(PolicyType) => PolicyType.Custom,
            { ParameterType: var type } when type.IsValueType && Nullable.GetUnderlyingType(type) is null => Activator.CreateInstance(type),
            _ => null,
        };
    }
}
