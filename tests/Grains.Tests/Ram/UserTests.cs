using Orleans.Kms.Errors;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Tests.Ram;

public sealed class UserTests(RamFixture fixture) : IClassFixture<RamFixture>
{
    [Fact]
    public async Task A_user_is_as_it_was_made()
    {
        var ram = await fixture.NewAccount();
        var now = ram.Kms.Clock.GetUtcNow();
        var made = await ram.Users.CreateUser(new("alice", "Alice B.", "86-18600008888", "alice@example.com", "first\nuser"));
        Assert.Matches("^[1-9][0-9]{17}$", made.UserId);
        Assert.Equal(new(made.UserId, "alice", "Alice B.", "86-18600008888", "alice@example.com", "first\nuser", now, now), made);
        Assert.Equal(made, await ram.Users.GetUser("alice"));
        Assert.Equal([made], (await ram.Users.ListUsers(new(null, 10))).Users);
    }

    [Fact]
    public async Task What_is_not_said_is_empty_at_first_and_unchanged_later()
    {
        var ram = await fixture.NewAccount();
        var made = await ram.User("bob");
        Assert.Equal(("", "", "", ""), (made.DisplayName, made.MobilePhone, made.Email, made.Comments));
        var changed = await ram.Users.UpdateUser("bob", new(null, "Bob", "+86-1", "bob@example.com", "new"));
        Assert.Equal(made with { DisplayName = "Bob", MobilePhone = "+86-1", Email = "bob@example.com", Comments = "new" }, changed);
        Assert.Equal(changed, await ram.Users.UpdateUser("bob", new(null)));
        Assert.Equal(changed with { Comments = "" }, await ram.Users.UpdateUser("bob", new(null, Comments: "")));
    }

    [Fact]
    public async Task A_renamed_user_keeps_its_id_groups_policies_and_keys()
    {
        var ram = await fixture.NewAccount();
        var (alice, _) = (await ram.User("alice"), await ram.Group("staff"));
        await ram.Groups.AddUserToGroup("alice", "staff");
        await ram.Policies.AttachPolicyToUser(PolicyType.System, "AliyunKMSFullAccess", "alice");
        var key = (await ram.Users.CreateAccessKey("alice")).AccessKey;

        var renamed = await ram.Users.UpdateUser("alice", new("carol"));

        Assert.Equal(alice with { UserName = "carol" }, renamed);
        Assert.Equal("EntityNotExist.User", await RamAccount.Code(() => ram.Users.GetUser("alice")));
        Assert.Equal("staff", (await ram.Groups.ListGroupsForUser("carol")).Single().Group.GroupName);
        Assert.Equal("AliyunKMSFullAccess", (await ram.Policies.ListPoliciesForUser("carol")).Single().Policy.PolicyName);
        Assert.Equal([key], await ram.Users.ListAccessKeys("carol"));
        Assert.Equal("carol", (await ram.Service.PoliciesOfUser(alice.UserId))!.Name);
        // The name is free, and who gets it is somebody else.
        Assert.NotEqual(alice.UserId, (await ram.User("alice")).UserId);
    }

    [Fact]
    public async Task Names_are_found_as_written_but_no_two_differ_in_case_only()
    {
        var ram = await fixture.NewAccount();
        await ram.User("Alice");
        await ram.User("bob");
        Assert.Equal("EntityNotExist.User", await RamAccount.Code(() => ram.Users.GetUser("alice")));
        Assert.Equal("EntityAlreadyExists.User", await RamAccount.Code(() => ram.User("aLICE")));
        Assert.Equal("EntityAlreadyExists.User", await RamAccount.Code(() => ram.Users.UpdateUser("bob", new("ALICE"))));
        Assert.Equal("ALICE", (await ram.Users.UpdateUser("Alice", new("ALICE"))).UserName);
    }

    [Fact]
    public async Task A_message_tells_a_person_what_is_wrong()
    {
        var ram = await fixture.NewAccount();
        Assert.Equal("The user alice does not exist.", (await Assert.ThrowsAsync<KmsException>(() => ram.Users.GetUser("alice"))).Message);
    }

    [Fact]
    public async Task A_user_that_something_hangs_on_is_not_removed()
    {
        var ram = await fixture.NewAccount();
        var (alice, _) = (await ram.User("alice"), await ram.Group("staff"));
        await ram.Groups.AddUserToGroup("alice", "staff");
        await ram.Policies.AttachPolicyToUser(PolicyType.System, "AliyunKMSFullAccess", "alice");
        var key = (await ram.Users.CreateAccessKey("alice")).AccessKey.AccessKeyId;

        Assert.Equal("DeleteConflict.User.AccessKey", await RamAccount.Code(() => ram.Users.DeleteUser("alice")));
        await ram.Users.DeleteAccessKey("alice", key);
        Assert.Equal("DeleteConflict.User.Group", await RamAccount.Code(() => ram.Users.DeleteUser("alice")));
        await ram.Groups.RemoveUserFromGroup("alice", "staff");
        Assert.Equal("DeleteConflict.User.Policy", await RamAccount.Code(() => ram.Users.DeleteUser("alice")));
        await ram.Policies.DetachPolicyFromUser(PolicyType.System, "AliyunKMSFullAccess", "alice");
        await ram.Users.DeleteUser("alice");

        Assert.Equal("EntityNotExist.User", await RamAccount.Code(() => ram.Users.DeleteUser("alice")));
        Assert.Null(await ram.Service.PoliciesOfUser(alice.UserId));
        Assert.NotEqual(alice.UserId, (await ram.User("alice")).UserId);
    }

    [Fact]
    public async Task Accounts_know_nothing_of_each_other()
    {
        var (one, two) = (await fixture.NewAccount(), await fixture.NewAccount());
        var alice = await one.User("alice");
        Assert.Equal("EntityNotExist.User", await RamAccount.Code(() => two.Users.GetUser("alice")));
        Assert.Null(await two.Service.PoliciesOfUser(alice.UserId));
        await two.User("alice");
        await two.Users.DeleteUser("alice");
        Assert.Equal(alice, await one.Users.GetUser("alice"));
    }

    [Fact]
    public async Task Of_those_who_make_one_name_at_once_one_wins()
    {
        var ram = await fixture.NewAccount();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => Record.ExceptionAsync(() => ram.User(i % 2 == 0 ? "alice" : "ALICE")))));
        Assert.Single(outcomes, outcome => outcome is null);
        Assert.All(outcomes.OfType<KmsException>(), outcome => Assert.Equal("EntityAlreadyExists.User", outcome.ApiCode));
        Assert.Equal(19, outcomes.OfType<KmsException>().Count());
        Assert.Equal(1, ram.Rows("kms_ram_user"));
    }
}
