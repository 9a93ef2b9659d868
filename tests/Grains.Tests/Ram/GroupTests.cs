using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Tests.Ram;

public sealed class GroupTests(RamFixture fixture) : IClassFixture<RamFixture>
{
    [Fact]
    public async Task A_group_is_as_it_was_made_and_changed()
    {
        var ram = await fixture.NewAccount();
        var now = ram.Kms.Clock.GetUtcNow();
        var made = await ram.Groups.CreateGroup("staff", "all of us");
        Assert.Matches("^[1-9][0-9]{17}$", made.GroupId);
        Assert.Equal(new(made.GroupId, "staff", "all of us", now, now), made);
        Assert.Equal(made, await ram.Groups.GetGroup("staff"));
        Assert.Equal(made, await ram.Groups.UpdateGroup("staff", null, null));
        var changed = await ram.Groups.UpdateGroup("staff", "crew", "");
        Assert.Equal(made with { GroupName = "crew", Comments = "" }, changed);
        Assert.Equal([changed], (await ram.Groups.ListGroups(new(null, 10))).Groups);
        Assert.Equal("EntityNotExist.Group", await RamAccount.Code(() => ram.Groups.GetGroup("staff")));
    }

    [Fact]
    public async Task Names_are_found_as_written_but_no_two_differ_in_case_only()
    {
        var ram = await fixture.NewAccount();
        await ram.Group("Staff");
        await ram.Group("crew");
        Assert.Equal("EntityNotExist.Group", await RamAccount.Code(() => ram.Groups.GetGroup("staff")));
        Assert.Equal("EntityAlreadyExists.Group", await RamAccount.Code(() => ram.Group("STAFF")));
        Assert.Equal("EntityAlreadyExists.Group", await RamAccount.Code(() => ram.Groups.UpdateGroup("crew", "STAFF", null)));
        Assert.Equal("STAFF", (await ram.Groups.UpdateGroup("Staff", "STAFF", null)).GroupName);
    }

    [Fact]
    public async Task A_member_has_the_groups_policies_whatever_the_group_is_called()
    {
        var ram = await fixture.NewAccount();
        var (alice, _) = (await ram.User("alice"), await ram.Group("staff"));
        var joinedAt = ram.Kms.Clock.GetUtcNow();
        await ram.Groups.AddUserToGroup("alice", "staff");
        await ram.Policies.AttachPolicyToGroup(PolicyType.System, "ReadOnlyAccess", "staff");
        Assert.Equal(["staff/ReadOnlyAccess/v1"], await ram.DocumentsOf(alice));

        var renamed = await ram.Groups.UpdateGroup("staff", "crew", null);

        Assert.Equal(["crew/ReadOnlyAccess/v1"], await ram.DocumentsOf(alice));
        Assert.Equal([new(renamed, joinedAt)], await ram.Groups.ListGroupsForUser("alice"));
        Assert.Equal([new(alice, joinedAt)], (await ram.Groups.ListUsersForGroup("crew", new(null, 10))).Members);
        await ram.Groups.RemoveUserFromGroup("alice", "crew");
        Assert.Empty(await ram.DocumentsOf(alice));
        Assert.Empty(await ram.Groups.ListGroupsForUser("alice"));
        Assert.Empty((await ram.Groups.ListUsersForGroup("crew", new(null, 10))).Members);
    }

    [Fact]
    public async Task Memberships_do_not_begin_or_end_twice()
    {
        var ram = await fixture.NewAccount();
        await ram.User("alice");
        await ram.Group("staff");
        Assert.Equal("EntityNotExist.User.Group", await RamAccount.Code(() => ram.Groups.RemoveUserFromGroup("alice", "staff")));
        await ram.Groups.AddUserToGroup("alice", "staff");
        Assert.Equal("EntityAlreadyExists.User.Group", await RamAccount.Code(() => ram.Groups.AddUserToGroup("alice", "staff")));
        await ram.Groups.RemoveUserFromGroup("alice", "staff");
        Assert.Equal("EntityNotExist.User.Group", await RamAccount.Code(() => ram.Groups.RemoveUserFromGroup("alice", "staff")));
    }

    [Fact]
    public async Task A_group_that_something_hangs_on_is_not_removed()
    {
        var ram = await fixture.NewAccount();
        await ram.User("alice");
        await ram.Group("staff");
        await ram.Groups.AddUserToGroup("alice", "staff");
        await ram.Policies.AttachPolicyToGroup(PolicyType.System, "ReadOnlyAccess", "staff");
        Assert.Equal("DeleteConflict.Group.User", await RamAccount.Code(() => ram.Groups.DeleteGroup("staff")));
        await ram.Groups.RemoveUserFromGroup("alice", "staff");
        Assert.Equal("DeleteConflict.Group.Policy", await RamAccount.Code(() => ram.Groups.DeleteGroup("staff")));
        await ram.Policies.DetachPolicyFromGroup(PolicyType.System, "ReadOnlyAccess", "staff");
        await ram.Groups.DeleteGroup("staff");
        Assert.Equal("EntityNotExist.Group", await RamAccount.Code(() => ram.Groups.DeleteGroup("staff")));
    }

    [Fact]
    public async Task A_users_groups_are_listed_by_name()
    {
        var ram = await fixture.NewAccount();
        await ram.User("alice");
        foreach (var name in new[] { "b", "C", "a" })
        {
            await ram.Group(name);
            await ram.Groups.AddUserToGroup("alice", name);
        }
        Assert.Equal(["a", "b", "C"], (await ram.Groups.ListGroupsForUser("alice")).Select(membership => membership.Group.GroupName));
    }
}
