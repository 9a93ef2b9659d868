using System.Data.Common;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Ram;

/// <content>Groups and who is in them.</content>
internal sealed partial class RamGrain
{
    public Task<RamGroup> CreateGroup(string groupName, string? comments)
    {
        var now = Now;
        var group = new RamGroup(RamId.New(), RamNames.Group(groupName), RamNames.Comments(comments ?? ""), now, now);
        return Change<RamGroup>(command =>
        {
            NamedRows.Groups.RequireFree(command, AccountId, groupName);
            NamedRows.Groups.RequireRoom(command, AccountId, Limits.Groups);
            return writing =>
            {
                GroupTable.Insert(writing, AccountId, group);
                return group;
            };
        });
    }

    public Task<RamGroup> GetGroup(string groupName)
    {
        RamNames.Group(groupName);
        return Read(command => GroupTable.Require(command, AccountId, groupName));
    }

    public Task<RamGroup> UpdateGroup(string groupName, string? newGroupName, string? newComments)
    {
        RamNames.Group(groupName);
        var newName = newGroupName is null ? groupName : RamNames.Group(newGroupName);
        RamNames.Comments(newComments ?? "");
        return newName == groupName ? Change(Update) : ChangeRights(Update);

        Func<DbCommand, RamGroup> Update(DbCommand command)
        {
            var old = GroupTable.Require(command, AccountId, groupName);
            NamedRows.Groups.RequireFree(command, AccountId, newName, old.GroupId);
            var group = old with { GroupName = newName, Comments = newComments ?? old.Comments, UpdatedAt = Now };
            return writing =>
            {
                GroupTable.Update(writing, AccountId, group);
                return group;
            };
        }
    }

    public Task DeleteGroup(string groupName)
    {
        RamNames.Group(groupName);
        return ChangeRights(command =>
        {
            var id = NamedRows.Groups.Require(command, AccountId, groupName);
            if (MembershipTable.HasUsers(command, AccountId, id)) throw RamErrors.Conflict(RamErrors.GroupUser, $"The group {groupName} has users; remove them first.");
            if (AttachmentTable.HasAny(command, AccountId, PolicyHolder.Group, id)) throw RamErrors.Conflict(RamErrors.GroupPolicy, $"The group {groupName} has policies; detach them first.");
            return writing => NamedRows.Groups.Delete(writing, AccountId, id);
        });
    }

    public Task<RamGroupPage> ListGroups(MarkerRequest page)
    {
        var after = RamMarker.After(page);
        return Read(command =>
        {
            var (groups, marker) = RamMarker.Cut(GroupTable.Page(command, AccountId, after, page.MaxItems + 1), page, group => RamNames.Fold(group.GroupName));
            return new RamGroupPage(groups, marker);
        });
    }

    public Task AddUserToGroup(string userName, string groupName)
    {
        RamNames.User(userName);
        RamNames.Group(groupName);
        return ChangeRights(command =>
        {
            var (user, group) = (NamedRows.Users.Require(command, AccountId, userName), NamedRows.Groups.Require(command, AccountId, groupName));
            if (MembershipTable.Contains(command, AccountId, user, group)) throw RamErrors.AlreadyExists(RamErrors.UserGroup, $"The user {userName} is in the group {groupName} already.");
            if (MembershipTable.GroupsOf(command, AccountId, user) >= Limits.GroupsPerUser) throw RamErrors.LimitExceeded(RamErrors.UserGroup, Limits.GroupsPerUser);
            return writing => MembershipTable.Insert(writing, AccountId, user, group, Now);
        });
    }

    public Task RemoveUserFromGroup(string userName, string groupName)
    {
        RamNames.User(userName);
        RamNames.Group(groupName);
        return ChangeRights(command =>
        {
            var (user, group) = (NamedRows.Users.Require(command, AccountId, userName), NamedRows.Groups.Require(command, AccountId, groupName));
            if (!MembershipTable.Contains(command, AccountId, user, group)) throw RamErrors.NotExist(RamErrors.UserGroup, $"The user {userName} is not in the group {groupName}.");
            return writing => MembershipTable.Delete(writing, AccountId, user, group);
        });
    }

    public Task<RamMembership[]> ListGroupsForUser(string userName)
    {
        RamNames.User(userName);
        return Read(command => MembershipTable.ListGroups(command, AccountId, NamedRows.Users.Require(command, AccountId, userName)).ToArray());
    }

    public Task<RamGroupMemberPage> ListUsersForGroup(string groupName, MarkerRequest page)
    {
        RamNames.Group(groupName);
        var after = RamMarker.After(page);
        return Read(command =>
        {
            var found = MembershipTable.PageUsers(command, AccountId, NamedRows.Groups.Require(command, AccountId, groupName), after, page.MaxItems + 1);
            var (members, marker) = RamMarker.Cut(found, page, member => RamNames.Fold(member.User.UserName));
            return new RamGroupMemberPage(members, marker);
        });
    }
}
