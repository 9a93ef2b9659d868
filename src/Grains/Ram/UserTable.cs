using System.Data.Common;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Ram;

/// <summary>The table of users.</summary>
internal static class UserTable
{
    /// <summary>The columns of a user whose table is called <c>u</c>; what follows them begins at <see cref="Width"/>.</summary>
    public const string Columns = "u.user_id, u.name, u.display_name, u.mobile_phone, u.email, u.comments, u.created_at, u.updated_at";

    /// <summary>How many columns these are.</summary>
    public const int Width = 8;

    /// <summary>The user of exactly this name.</summary>
    /// <exception cref="Errors.KmsException"><see cref="Errors.KmsErrorCode.EntityNotExist"/></exception>
    public static RamUser Require(DbCommand command, string accountId, string name) => command.Sql(
        $"SELECT {Columns} FROM kms_ram_user u WHERE u.account_id = @account AND u.folded = @folded AND u.name = @name",
        ("@account", accountId), ("@folded", RamNames.Fold(name)), ("@name", name)).FirstRow(Row) ?? throw NamedRows.Users.Absent(name);

    /// <summary>The name of a user; null if there is none of that id.</summary>
    public static string? NameOf(DbCommand command, string accountId, string id) =>
        (string?)command.Sql("SELECT name FROM kms_ram_user WHERE account_id = @account AND user_id = @id", ("@account", accountId), ("@id", id)).ExecuteScalar();

    /// <summary>Users behind a folded name, in order of name.</summary>
    public static List<RamUser> Page(DbCommand command, string accountId, string after, int limit) => command.Sql(
        $"SELECT {Columns} FROM kms_ram_user u WHERE u.account_id = @account AND u.folded > @after ORDER BY u.folded LIMIT @limit",
        ("@account", accountId), ("@after", after), ("@limit", limit)).Rows(Row);

    /// <summary>Adds a user whose name is free.</summary>
    public static void Insert(DbCommand command, string accountId, RamUser user) => command.Sql(
        """
        INSERT INTO kms_ram_user (account_id, user_id, name, folded, display_name, mobile_phone, email, comments, created_at, updated_at)
        VALUES (@account, @id, @name, @folded, @display, @phone, @email, @comments, @created, @updated)
        """, [.. Values(accountId, user), ("@created", user.CreatedAt.ToUnixTimeMilliseconds())]).ExecuteNonQuery();

    /// <summary>Changes all but id and creation.</summary>
    public static void Update(DbCommand command, string accountId, RamUser user) => command.Sql(
        """
        UPDATE kms_ram_user SET name = @name, folded = @folded, display_name = @display, mobile_phone = @phone, email = @email, comments = @comments, updated_at = @updated
        WHERE account_id = @account AND user_id = @id
        """, Values(accountId, user)).ExecuteNonQuery();

    /// <summary>Reads <see cref="Columns"/>.</summary>
    public static RamUser Row(DbDataReader reader) => new(
        reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetString(5), reader.Time(6), reader.Time(7));

    private static (string, object)[] Values(string accountId, RamUser user) =>
    [
        ("@account", accountId), ("@id", user.UserId), ("@name", user.UserName), ("@folded", RamNames.Fold(user.UserName)), ("@display", user.DisplayName), ("@phone", user.MobilePhone),
        ("@email", user.Email), ("@comments", user.Comments), ("@updated", user.UpdatedAt.ToUnixTimeMilliseconds()),
    ];
}
