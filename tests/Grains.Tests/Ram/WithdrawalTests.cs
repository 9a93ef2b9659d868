using Microsoft.Extensions.DependencyInjection;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Tests.Ram;

/// <summary>Which changes make a silo forget what it knows of the account's access keys: all that may change somebody's rights, and no others.</summary>
public sealed class WithdrawalTests(RamFixture fixture) : IClassFixture<RamFixture>
{
    private static readonly Dictionary<string, Func<RamAccount, Task>> Withdrawing = new()
    {
        ["UpdateUser with a new name"] = ram => ram.Users.UpdateUser("spare", new("other")),
        ["DeleteUser"] = ram => ram.Users.DeleteUser("spare"),
        ["UpdateAccessKey"] = async ram => await ram.Users.UpdateAccessKey("alice", await Key(ram), false),
        ["DeleteAccessKey"] = async ram => await ram.Users.DeleteAccessKey("alice", await Key(ram)),
        ["UpdateGroup with a new name"] = ram => ram.Groups.UpdateGroup("staff", "other", null),
        ["DeleteGroup"] = ram => ram.Groups.DeleteGroup("spare"),
        ["AddUserToGroup"] = ram => ram.Groups.AddUserToGroup("spare", "staff"),
        ["RemoveUserFromGroup"] = ram => ram.Groups.RemoveUserFromGroup("alice", "staff"),
        ["DeleteRole"] = ram => ram.Roles.DeleteRole("spare"),
        ["DeletePolicy"] = ram => ram.Policies.DeletePolicy("p", true),
        ["CreatePolicyVersion that counts"] = ram => ram.Policies.CreatePolicyVersion("p", RamAccount.Document, true, false),
        ["SetDefaultPolicyVersion"] = ram => ram.Policies.SetDefaultPolicyVersion("p", "v2"),
        ["AttachPolicyToUser"] = ram => ram.Policies.AttachPolicyToUser(PolicyType.System, "ReadOnlyAccess", "alice"),
        ["AttachPolicyToGroup"] = ram => ram.Policies.AttachPolicyToGroup(PolicyType.System, "ReadOnlyAccess", "staff"),
        ["AttachPolicyToRole"] = ram => ram.Policies.AttachPolicyToRole(PolicyType.System, "ReadOnlyAccess", "deployer"),
        ["DetachPolicyFromUser"] = ram => ram.Policies.DetachPolicyFromUser(PolicyType.Custom, "p", "alice"),
        ["DetachPolicyFromGroup"] = ram => ram.Policies.DetachPolicyFromGroup(PolicyType.Custom, "p", "staff"),
        ["DetachPolicyFromRole"] = ram => ram.Policies.DetachPolicyFromRole(PolicyType.Custom, "p", "deployer"),
    };

    private static readonly Dictionary<string, Func<RamAccount, Task>> Harmless = new()
    {
        ["CreateUser"] = ram => ram.User("new"),
        ["UpdateUser"] = ram => ram.Users.UpdateUser("alice", new("alice", Comments: "new")),
        ["CreateAccessKey"] = ram => ram.Users.CreateAccessKey("alice"),
        ["CreateGroup"] = ram => ram.Group("new"),
        ["UpdateGroup"] = ram => ram.Groups.UpdateGroup("staff", "staff", "new"),
        ["CreateRole"] = ram => ram.Role("new"),
        ["UpdateRole"] = ram => ram.Roles.UpdateRole("deployer", new(RamAccount.Trust, "new")),
        ["CreatePolicy"] = ram => ram.Policy("new"),
        ["UpdatePolicyDescription"] = ram => ram.Policies.UpdatePolicyDescription("p", "new"),
        ["CreatePolicyVersion"] = ram => ram.Policies.CreatePolicyVersion("p", RamAccount.Document, false, true),
        ["DeletePolicyVersion"] = ram => ram.Policies.DeletePolicyVersion("p", "v2"),
        ["a refused attachment"] = ram => RamAccount.Code(() => ram.Policies.AttachPolicyToUser(PolicyType.Custom, "p", "alice")),
        ["a refused removal"] = ram => RamAccount.Code(() => ram.Users.DeleteUser("alice")),
        ["a refused change of a key"] = ram => RamAccount.Code(() => ram.Users.UpdateAccessKey("alice", "LTAIabsent", false)),
    };

    public static TheoryData<string> WithdrawingActions => [.. Withdrawing.Keys];

    public static TheoryData<string> HarmlessActions => [.. Harmless.Keys];

    [Theory, MemberData(nameof(WithdrawingActions))]
    public async Task What_changes_rights_makes_them_forgotten(string action)
    {
        var ram = await Prepared();
        await Withdrawing[action](ram);
        Assert.False(IsKnown(ram));
    }

    [Theory, MemberData(nameof(HarmlessActions))]
    public async Task What_changes_no_rights_leaves_them_known(string action)
    {
        var ram = await Prepared();
        await Harmless[action](ram);
        Assert.True(IsKnown(ram));
    }

    private async Task<RamAccount> Prepared()
    {
        var ram = await fixture.NewAccount();
        foreach (var name in new[] { "alice", "spare" }) await ram.User(name);
        foreach (var name in new[] { "staff", "spare" }) await ram.Group(name);
        foreach (var name in new[] { "deployer", "spare" }) await ram.Role(name);
        await ram.Policy("p");
        await ram.Policies.CreatePolicyVersion("p", RamAccount.OtherDocument, false, false);
        await ram.Users.CreateAccessKey("alice");
        await ram.Groups.AddUserToGroup("alice", "staff");
        await ram.Policies.AttachPolicyToUser(PolicyType.Custom, "p", "alice");
        await ram.Policies.AttachPolicyToGroup(PolicyType.Custom, "p", "staff");
        await ram.Policies.AttachPolicyToRole(PolicyType.Custom, "p", "deployer");
        return ram;
    }

    private static async Task<string> Key(RamAccount ram) => (await ram.Users.ListAccessKeys("alice")).Single().AccessKeyId;

    // Whoever calls is known once the call is let in.
    private static bool IsKnown(RamAccount ram)
    {
        var root = new Caller(ram.Id, "LTAItest" + ram.Id, null, null, DateTimeOffset.MaxValue, new("id", "127.0.0.1", "test", "localhost", false));
        return ram.Kms.Services.GetRequiredService<RightsCache>().TryGet(root, out _);
    }
}
