using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Tests.Ram;

/// <summary>Every action that names something, with a name that nothing has and with a name that nothing can have.</summary>
public sealed class RamAbsenceTests(RamFixture fixture) : IClassFixture<RamFixture>
{
    private static readonly Dictionary<string, (string What, Func<RamAccount, string, Task> Call)> Calls = new()
    {
        ["GetUser"] = ("User", (ram, name) => ram.Users.GetUser(name)),
        ["UpdateUser"] = ("User", (ram, name) => ram.Users.UpdateUser(name, new("new"))),
        ["DeleteUser"] = ("User", (ram, name) => ram.Users.DeleteUser(name)),
        ["CreateAccessKey"] = ("User", (ram, name) => ram.Users.CreateAccessKey(name)),
        ["UpdateAccessKey"] = ("User", (ram, name) => ram.Users.UpdateAccessKey(name, "LTAI", true)),
        ["DeleteAccessKey"] = ("User", (ram, name) => ram.Users.DeleteAccessKey(name, "LTAI")),
        ["ListAccessKeys"] = ("User", (ram, name) => ram.Users.ListAccessKeys(name)),
        ["GetAccessKeyLastUsed"] = ("User", (ram, name) => ram.Users.GetAccessKeyLastUsed(name, "LTAI")),
        ["AddUserToGroup"] = ("User", (ram, name) => ram.Groups.AddUserToGroup(name, "there")),
        ["RemoveUserFromGroup"] = ("User", (ram, name) => ram.Groups.RemoveUserFromGroup(name, "there")),
        ["ListGroupsForUser"] = ("User", (ram, name) => ram.Groups.ListGroupsForUser(name)),
        ["GetGroup"] = ("Group", (ram, name) => ram.Groups.GetGroup(name)),
        ["UpdateGroup"] = ("Group", (ram, name) => ram.Groups.UpdateGroup(name, "new", null)),
        ["DeleteGroup"] = ("Group", (ram, name) => ram.Groups.DeleteGroup(name)),
        ["AddUserToGroup of none"] = ("Group", (ram, name) => ram.Groups.AddUserToGroup("there", name)),
        ["RemoveUserFromGroup of none"] = ("Group", (ram, name) => ram.Groups.RemoveUserFromGroup("there", name)),
        ["ListUsersForGroup"] = ("Group", (ram, name) => ram.Groups.ListUsersForGroup(name, new(null, 1))),
        ["GetRole"] = ("Role", (ram, name) => ram.Roles.GetRole(name)),
        ["UpdateRole"] = ("Role", (ram, name) => ram.Roles.UpdateRole(name, new(null))),
        ["DeleteRole"] = ("Role", (ram, name) => ram.Roles.DeleteRole(name)),
        ["GetPolicy"] = ("Policy", (ram, name) => ram.Policies.GetPolicy(PolicyType.Custom, name)),
        ["GetPolicy of the system"] = ("Policy", (ram, name) => ram.Policies.GetPolicy(PolicyType.System, name)),
        ["DeletePolicy"] = ("Policy", (ram, name) => ram.Policies.DeletePolicy(name, true)),
        ["UpdatePolicyDescription"] = ("Policy", (ram, name) => ram.Policies.UpdatePolicyDescription(name, "")),
        ["CreatePolicyVersion"] = ("Policy", (ram, name) => ram.Policies.CreatePolicyVersion(name, RamAccount.Document, true, false)),
        ["GetPolicyVersion"] = ("Policy", (ram, name) => ram.Policies.GetPolicyVersion(PolicyType.Custom, name, "v1")),
        ["GetPolicyVersion of the system"] = ("Policy", (ram, name) => ram.Policies.GetPolicyVersion(PolicyType.System, name, "v1")),
        ["ListPolicyVersions"] = ("Policy", (ram, name) => ram.Policies.ListPolicyVersions(PolicyType.Custom, name)),
        ["ListPolicyVersions of the system"] = ("Policy", (ram, name) => ram.Policies.ListPolicyVersions(PolicyType.System, name)),
        ["SetDefaultPolicyVersion"] = ("Policy", (ram, name) => ram.Policies.SetDefaultPolicyVersion(name, "v1")),
        ["DeletePolicyVersion"] = ("Policy", (ram, name) => ram.Policies.DeletePolicyVersion(name, "v1")),
        ["ListEntitiesForPolicy"] = ("Policy", (ram, name) => ram.Policies.ListEntitiesForPolicy(PolicyType.Custom, name)),
        ["ListPoliciesForUser"] = ("User", (ram, name) => ram.Policies.ListPoliciesForUser(name)),
        ["ListPoliciesForGroup"] = ("Group", (ram, name) => ram.Policies.ListPoliciesForGroup(name)),
        ["ListPoliciesForRole"] = ("Role", (ram, name) => ram.Policies.ListPoliciesForRole(name)),
    };

    public static TheoryData<string> Actions => [.. Calls.Keys];

    [Theory, MemberData(nameof(Actions))]
    public async Task What_there_is_not_is_told(string action)
    {
        var ram = await fixture.NewAccount();
        await ram.User("there");
        await ram.Group("there");
        var (what, call) = Calls[action];
        Assert.Equal($"EntityNotExist.{what}", await RamAccount.Code(() => call(ram, "absent")));
        Assert.Equal($"InvalidParameter.{what}Name.InvalidChars", await RamAccount.Code(() => call(ram, "no/name")));
        Assert.Equal($"InvalidParameter.{what}Name.Length", await RamAccount.Code(() => call(ram, new('a', 129))));
    }

    [Fact]
    public async Task Texts_that_make_no_sense_are_refused_at_creation_and_change()
    {
        var ram = await fixture.NewAccount();
        await ram.User("there");
        await ram.Group("there");
        await ram.Role("there");
        await ram.Policy("there");
        var @long = new string('a', 1025);
        foreach (var (code, call) in new (string, Func<Task>)[]
        {
            ("MissingUserName", () => ram.Users.CreateUser(new(null))),
            ("MissingUserName", () => ram.Users.CreateUser(null!)),
            ("InvalidParameter.UserName.InvalidChars", () => ram.Users.CreateUser(new("a/b"))),
            ("InvalidParameter.DisplayName.Length", () => ram.Users.CreateUser(new("a", @long))),
            ("InvalidParameter.MobilePhone.Format", () => ram.Users.CreateUser(new("a", MobilePhone: "x"))),
            ("InvalidParameter.Email.Format", () => ram.Users.CreateUser(new("a", Email: "x"))),
            ("InvalidParameter.Comments.Length", () => ram.Users.CreateUser(new("a", Comments: @long))),
            ("InvalidParameter.NewUserName.InvalidChars", () => ram.Users.UpdateUser("there", new("a/b"))),
            ("InvalidParameter.NewUserName.Length", () => ram.Users.UpdateUser("there", new(@long))),
            ("InvalidParameter.DisplayName.InvalidChars", () => ram.Users.UpdateUser("there", new(null, "\n"))),
            ("InvalidParameter.MobilePhone.Format", () => ram.Users.UpdateUser("there", new(null, MobilePhone: "x"))),
            ("InvalidParameter.Email.Format", () => ram.Users.UpdateUser("there", new(null, Email: "x"))),
            ("InvalidParameter.Comments.InvalidChars", () => ram.Users.UpdateUser("there", new(null, Comments: "\0"))),
            ("InvalidParameter.GroupName.InvalidChars", () => ram.Groups.CreateGroup("a/b", null)),
            ("InvalidParameter.Comments.Length", () => ram.Groups.CreateGroup("a", @long)),
            ("InvalidParameter.GroupName.InvalidChars", () => ram.Groups.UpdateGroup("there", "a/b", null)),
            ("InvalidParameter.Comments.Length", () => ram.Groups.UpdateGroup("there", null, @long)),
            ("InvalidParameter.RoleName.InvalidChars", () => ram.Roles.CreateRole("a/b", new(RamAccount.Trust))),
            ("InvalidParameter.Description.Length", () => ram.Roles.CreateRole("a", new(RamAccount.Trust, @long))),
            ("InvalidParameter.Description.Length", () => ram.Roles.UpdateRole("there", new(null, @long))),
            ("InvalidParameter.PolicyName.InvalidChars", () => ram.Policies.CreatePolicy("a/b", RamAccount.Document, null)),
            ("InvalidParameter.Description.Length", () => ram.Policies.CreatePolicy("a", RamAccount.Document, @long)),
            ("InvalidParameter.Description.Length", () => ram.Policies.UpdatePolicyDescription("there", @long)),
        }) Assert.Equal(code, await RamAccount.Code(call));
        Assert.Equal((1, 1, 1, 1), (ram.Rows("kms_ram_user"), ram.Rows("kms_ram_group"), ram.Rows("kms_ram_role"), ram.Rows("kms_ram_policy")));
    }
}
