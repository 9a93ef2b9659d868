using System.Data.Common;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Ram;

/// <content>Users.</content>
internal sealed partial class RamGrain
{
    public Task<RamUser> CreateUser(RamUserSettings settings)
    {
        var name = RamNames.User(Checked(settings).UserName);
        var now = Now;
        var user = With(new(RamId.New(), name, "", "", "", "", now, now), settings);
        return Change<RamUser>(command =>
        {
            NamedRows.Users.RequireFree(command, AccountId, name);
            NamedRows.Users.RequireRoom(command, AccountId, Limits.Users);
            return writing =>
            {
                UserTable.Insert(writing, AccountId, user);
                return user;
            };
        });
    }

    public Task<RamUser> GetUser(string userName)
    {
        RamNames.User(userName);
        return Read(command => UserTable.Require(command, AccountId, userName));
    }

    public Task<RamUser> UpdateUser(string userName, RamUserSettings changes)
    {
        RamNames.User(userName);
        var newName = Checked(changes).UserName is { } wanted ? RamNames.User(wanted, "NewUserName") : userName;
        return newName == userName ? Change(Update) : ChangeRights(Update);

        Func<DbCommand, RamUser> Update(DbCommand command)
        {
            var user = With(UserTable.Require(command, AccountId, userName), changes) with { UserName = newName, UpdatedAt = Now };
            NamedRows.Users.RequireFree(command, AccountId, newName, user.UserId);
            return writing =>
            {
                UserTable.Update(writing, AccountId, user);
                return user;
            };
        }
    }

    public Task DeleteUser(string userName)
    {
        RamNames.User(userName);
        return _gate.Pass(async () =>
        {
            // The row of an access key that was never made, or is gone, should not keep the user.
            await LiveKeys(await Read(command => NamedRows.Users.Require(command, AccountId, userName)));
            return await Withdraw(WithoutResult(command =>
            {
                var id = NamedRows.Users.Require(command, AccountId, userName);
                RequireLoose(command, userName, id);
                return writing => NamedRows.Users.Delete(writing, AccountId, id);
            }));
        });
    }

    public Task<RamUserPage> ListUsers(MarkerRequest page)
    {
        var after = RamMarker.After(page);
        return Read(command =>
        {
            var (users, marker) = RamMarker.Cut(UserTable.Page(command, AccountId, after, page.MaxItems + 1), page, user => RamNames.Fold(user.UserName));
            return new RamUserPage(users, marker);
        });
    }

    private void RequireLoose(DbCommand command, string name, string id)
    {
        if (AccessKeyTable.List(command, AccountId, id).Count > 0) throw RamErrors.Conflict(RamErrors.UserAccessKey, $"The user {name} has access keys; delete them first.");
        if (MembershipTable.GroupsOf(command, AccountId, id) > 0) throw RamErrors.Conflict(RamErrors.UserGroup, $"The user {name} is in groups; remove it from them first.");
        if (AttachmentTable.HasAny(command, AccountId, PolicyHolder.User, id)) throw RamErrors.Conflict(RamErrors.UserPolicy, $"The user {name} has policies; detach them first.");
    }

    private static RamUserSettings Checked(RamUserSettings settings)
    {
        if (settings is null) throw RamErrors.Missing("UserName");
        RamNames.DisplayName(settings.DisplayName ?? "");
        RamNames.MobilePhone(settings.MobilePhone ?? "");
        RamNames.Email(settings.Email ?? "");
        RamNames.Comments(settings.Comments ?? "");
        return settings;
    }

    private static RamUser With(RamUser user, RamUserSettings settings) => user with
    {
        DisplayName = settings.DisplayName ?? user.DisplayName,
        MobilePhone = settings.MobilePhone ?? user.MobilePhone,
        Email = settings.Email ?? user.Email,
        Comments = settings.Comments ?? user.Comments,
    };
}
