using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Ram.Policies;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Tests.Ram;

public sealed class AttachmentTests(RamFixture fixture) : IClassFixture<RamFixture>
{
    public static TheoryData<string> Kinds => ["User", "Group", "Role"];

    [Theory, MemberData(nameof(Kinds))]
    public async Task Policies_are_listed_in_order_of_attachment(string kind)
    {
        var holder = await Holder.Make(await fixture.NewAccount(), kind);
        var (ram, now) = (holder.Ram, holder.Ram.Kms.Clock.GetUtcNow());
        foreach (var name in new[] { "z", "a" }) await ram.Policy(name);
        await holder.Attach(PolicyType.Custom, "z");
        await holder.Attach(PolicyType.System, "ReadOnlyAccess");
        await holder.Attach(PolicyType.Custom, "a");
        await holder.Detach(PolicyType.Custom, "z");
        await holder.Attach(PolicyType.Custom, "z");

        var listed = await holder.List();

        Assert.Equal(["ReadOnlyAccess", "a", "z"], listed.Select(attached => attached.Policy.PolicyName));
        Assert.All(listed, attached => Assert.Equal((now, 1, "v1"), (attached.AttachedAt, attached.Policy.AttachmentCount, attached.Policy.DefaultVersion)));
        Assert.Equal([PolicyType.System, PolicyType.Custom, PolicyType.Custom], listed.Select(attached => attached.Policy.PolicyType));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_policy_is_not_attached_or_detached_twice(string kind)
    {
        var holder = await Holder.Make(await fixture.NewAccount(), kind);
        await holder.Ram.Policy("p");
        foreach (var (type, name) in new[] { (PolicyType.Custom, "p"), (PolicyType.System, "ReadOnlyAccess") })
        {
            Assert.Equal($"EntityNotExist.{kind}.Policy", await RamAccount.Code(() => holder.Detach(type, name)));
            await holder.Attach(type, name);
            Assert.Equal($"EntityAlreadyExists.{kind}.Policy", await RamAccount.Code(() => holder.Attach(type, name)));
            await holder.Detach(type, name);
            Assert.Equal($"EntityNotExist.{kind}.Policy", await RamAccount.Code(() => holder.Detach(type, name)));
        }
        Assert.Empty(await holder.List());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task What_there_is_not_is_told(string kind)
    {
        var holder = await Holder.Make(await fixture.NewAccount(), kind);
        foreach (var type in Enum.GetValues<PolicyType>())
        {
            Assert.Equal("EntityNotExist.Policy", await RamAccount.Code(() => holder.Attach(type, "absent")));
            Assert.Equal("EntityNotExist.Policy", await RamAccount.Code(() => holder.Detach(type, "absent")));
        }
        var absent = holder with { Name = "absent" };
        Assert.Equal($"EntityNotExist.{kind}", await RamAccount.Code(() => absent.Attach(PolicyType.System, "ReadOnlyAccess")));
        Assert.Equal($"EntityNotExist.{kind}", await RamAccount.Code(() => absent.Detach(PolicyType.System, "ReadOnlyAccess")));
        Assert.Equal($"EntityNotExist.{kind}", await RamAccount.Code(() => absent.List()));
    }

    [Theory, InlineData("User", 10), InlineData("Group", 5), InlineData("Role", 5)]
    public async Task Custom_policies_of_one_identity_are_limited(string kind, int limit)
    {
        var holder = await Holder.Make(await fixture.NewAccount(), kind);
        for (var i = 0; i <= limit; i++) await holder.Ram.Policy($"p{i}");
        for (var i = 0; i < limit; i++) await holder.Attach(PolicyType.Custom, $"p{i}");
        Assert.Equal($"LimitExceeded.{kind}.Policy", await RamAccount.Code(() => holder.Attach(PolicyType.Custom, $"p{limit}")));
        await holder.Attach(PolicyType.System, "ReadOnlyAccess");
        await holder.Detach(PolicyType.Custom, "p0");
        await holder.Attach(PolicyType.Custom, $"p{limit}");
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Many_attachments_at_once_are_counted_exactly_and_keep_their_order(string kind)
    {
        var holder = await Holder.Make(await fixture.NewAccount(), kind);
        for (var i = 0; i < 20; i++) await holder.Ram.Policy($"p{i}");
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => Record.ExceptionAsync(() => holder.Attach(PolicyType.Custom, $"p{i}")))));
        var limit = kind == "User" ? 10 : 5;
        Assert.Equal(limit, outcomes.Count(outcome => outcome is null));
        Assert.All(outcomes.Where(outcome => outcome is not null), outcome => Assert.Equal($"LimitExceeded.{kind}.Policy", Assert.IsType<KmsException>(outcome).ApiCode));
        Assert.Equal(limit, (await holder.List()).Select(attached => attached.Policy.PolicyName).Distinct().Count());
    }

    [Fact]
    public async Task System_policies_count_on_their_own()
    {
        var root = System.IO.Directory.CreateTempSubdirectory("kms-ram-").FullName;
        await using (var kms = await RamFixture.Start(root, limits => limits.SystemPoliciesPerIdentity = 2))
        {
            var holder = await Holder.Make(await RamAccount.Open(kms), "User");
            foreach (var policy in SystemPolicies.All.Take(2)) await holder.Attach(PolicyType.System, policy.Name);
            Assert.Equal("LimitExceeded.User.Policy", await RamAccount.Code(() => holder.Attach(PolicyType.System, SystemPolicies.All[2].Name)));
            await holder.Ram.Policy("p");
            await holder.Attach(PolicyType.Custom, "p");
        }
        System.IO.Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task Who_has_a_policy_is_told_by_name_and_counted()
    {
        var ram = await fixture.NewAccount();
        var (zoe, adam, staff, deployer, now) = (await ram.User("zoe"), await ram.User("Adam"), await ram.Group("staff"), await ram.Role("deployer"), ram.Kms.Clock.GetUtcNow());
        await ram.Policy("p");
        foreach (var (type, name) in new[] { (PolicyType.Custom, "p"), (PolicyType.System, "ReadOnlyAccess") })
        {
            await ram.Policies.AttachPolicyToUser(type, name, "zoe");
            await ram.Policies.AttachPolicyToUser(type, name, "Adam");
            await ram.Policies.AttachPolicyToGroup(type, name, "staff");
            await ram.Policies.AttachPolicyToRole(type, name, "deployer");

            var entities = await ram.Policies.ListEntitiesForPolicy(type, name);

            Assert.Equal([(adam, now), (zoe, now)], entities.Users);
            Assert.Equal([(staff, now)], entities.Groups);
            Assert.Equal([(deployer, now)], entities.Roles);
            Assert.Equal(4, (await ram.Policies.GetPolicy(type, name)).Policy.AttachmentCount);
            Assert.Equal("EntityNotExist.Policy", await RamAccount.Code(() => ram.Policies.ListEntitiesForPolicy(type, "absent")));
        }
    }

    [Fact]
    public async Task A_users_own_policies_count_before_its_groups_ones()
    {
        var ram = await fixture.NewAccount();
        var alice = await ram.User("alice");
        foreach (var name in new[] { "b", "a" })
        {
            await ram.Group(name);
            await ram.Groups.AddUserToGroup("alice", name);
            await ram.Policies.AttachPolicyToGroup(PolicyType.System, "ReadOnlyAccess", name);
        }
        await ram.Policy("p");
        await ram.Policies.AttachPolicyToUser(PolicyType.System, "ReadOnlyAccess", "alice");
        await ram.Policies.AttachPolicyToUser(PolicyType.Custom, "p", "alice");
        Assert.Equal(["/ReadOnlyAccess/v1", "/p/v1", "a/ReadOnlyAccess/v1", "b/ReadOnlyAccess/v1"], await ram.DocumentsOf(alice));
        Assert.Equal(SystemPolicies.Find("ReadOnlyAccess")!.Document, (await ram.Service.PoliciesOfUser(alice.UserId))!.Policies[0].Document);
    }

    private sealed record Holder(RamAccount Ram, string Kind, string Name)
    {
        public static async Task<Holder> Make(RamAccount ram, string kind)
        {
            if (kind == "User") await ram.User("x");
            else if (kind == "Group") await ram.Group("x");
            else await ram.Role("x");
            return new(ram, kind, "x");
        }

        public Task Attach(PolicyType type, string policy) => Kind switch
        {
            "User" => Ram.Policies.AttachPolicyToUser(type, policy, Name),
            "Group" => Ram.Policies.AttachPolicyToGroup(type, policy, Name),
            _ => Ram.Policies.AttachPolicyToRole(type, policy, Name),
        };

        public Task Detach(PolicyType type, string policy) => Kind switch
        {
            "User" => Ram.Policies.DetachPolicyFromUser(type, policy, Name),
            "Group" => Ram.Policies.DetachPolicyFromGroup(type, policy, Name),
            _ => Ram.Policies.DetachPolicyFromRole(type, policy, Name),
        };

        public Task<RamAttachedPolicy[]> List() => Kind switch
        {
            "User" => Ram.Policies.ListPoliciesForUser(Name),
            "Group" => Ram.Policies.ListPoliciesForGroup(Name),
            _ => Ram.Policies.ListPoliciesForRole(Name),
        };
    }
}
