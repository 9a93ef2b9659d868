using System.Data.Common;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Ram;

/// <summary>The table of who is in which group.</summary>
internal static class MembershipTable
{
    /// <summary>Whether a user is in a group.</summary>
    public static bool Contains(DbCommand command, string accountId, string userId, string groupId) => command.Sql(
        "SELECT 1 FROM kms_ram_membership WHERE account_id = @account AND user_id = @user AND group_id = @group",
        ("@account", accountId), ("@user", userId), ("@group", groupId)).ExecuteScalar() is not null;

    /// <summary>In how many groups a user is.</summary>
    public static int GroupsOf(DbCommand command, string accountId, string userId) => command.Sql(
        "SELECT COUNT(*) FROM kms_ram_membership WHERE account_id = @account AND user_id = @user", ("@account", accountId), ("@user", userId)).Number();

    /// <summary>Whether a group has users.</summary>
    public static bool HasUsers(DbCommand command, string accountId, string groupId) => command.Sql(
        "SELECT 1 FROM kms_ram_membership WHERE account_id = @account AND group_id = @group LIMIT 1", ("@account", accountId), ("@group", groupId)).ExecuteScalar() is not null;

    /// <summary>Makes a user a member.</summary>
    public static void Insert(DbCommand command, string accountId, string userId, string groupId, DateTimeOffset now) => command.Sql(
        "INSERT INTO kms_ram_membership (account_id, user_id, group_id, joined_at) VALUES (@account, @user, @group, @now)",
        ("@account", accountId), ("@user", userId), ("@group", groupId), ("@now", now.ToUnixTimeMilliseconds())).ExecuteNonQuery();

    /// <summary>Ends a membership.</summary>
    public static void Delete(DbCommand command, string accountId, string userId, string groupId) => command.Sql(
        "DELETE FROM kms_ram_membership WHERE account_id = @account AND user_id = @user AND group_id = @group",
        ("@account", accountId), ("@user", userId), ("@group", groupId)).ExecuteNonQuery();

    /// <summary>The groups of a user, in order of name.</summary>
    public static List<RamMembership> ListGroups(DbCommand command, string accountId, string userId) => command.Sql(
        $"""
        SELECT {GroupTable.Columns}, m.joined_at FROM kms_ram_membership m
        JOIN kms_ram_group g ON g.account_id = m.account_id AND g.group_id = m.group_id
        WHERE m.account_id = @account AND m.user_id = @user ORDER BY g.folded
        """, ("@account", accountId), ("@user", userId)).Rows(reader => new RamMembership(GroupTable.Row(reader), reader.Time(GroupTable.Width)));

    /// <summary>The users of a group behind a folded name, in order of name.</summary>
    public static List<RamGroupMember> PageUsers(DbCommand command, string accountId, string groupId, string after, int limit) => command.Sql(
        $"""
        SELECT {UserTable.Columns}, m.joined_at FROM kms_ram_membership m
        JOIN kms_ram_user u ON u.account_id = m.account_id AND u.user_id = m.user_id
        WHERE m.account_id = @account AND m.group_id = @group AND u.folded > @after ORDER BY u.folded LIMIT @limit
        """,
        ("@account", accountId), ("@group", groupId), ("@after", after), ("@limit", limit)).Rows(reader => new RamGroupMember(UserTable.Row(reader), reader.Time(UserTable.Width)));
}
