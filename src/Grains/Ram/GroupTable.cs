using System.Data.Common;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Ram;

/// <summary>The table of groups.</summary>
internal static class GroupTable
{
    /// <summary>The columns of a group whose table is called <c>g</c>; what follows them begins at <see cref="Width"/>.</summary>
    public const string Columns = "g.group_id, g.name, g.comments, g.created_at, g.updated_at";

    /// <summary>How many columns these are.</summary>
    public const int Width = 5;

    /// <summary>The group of exactly this name.</summary>
    /// <exception cref="Errors.KmsException"><see cref="Errors.KmsErrorCode.EntityNotExist"/></exception>
    public static RamGroup Require(DbCommand command, string accountId, string name) => command.Sql(
        $"SELECT {Columns} FROM kms_ram_group g WHERE g.account_id = @account AND g.folded = @folded AND g.name = @name",
        ("@account", accountId), ("@folded", RamNames.Fold(name)), ("@name", name)).FirstRow(Row) ?? throw NamedRows.Groups.Absent(name);

    /// <summary>Groups behind a folded name, in order of name.</summary>
    public static List<RamGroup> Page(DbCommand command, string accountId, string after, int limit) => command.Sql(
        $"SELECT {Columns} FROM kms_ram_group g WHERE g.account_id = @account AND g.folded > @after ORDER BY g.folded LIMIT @limit",
        ("@account", accountId), ("@after", after), ("@limit", limit)).Rows(Row);

    /// <summary>Adds a group whose name is free.</summary>
    public static void Insert(DbCommand command, string accountId, RamGroup group) => command.Sql(
        """
        INSERT INTO kms_ram_group (account_id, group_id, name, folded, comments, created_at, updated_at)
        VALUES (@account, @id, @name, @folded, @comments, @created, @updated)
        """, [.. Values(accountId, group), ("@created", group.CreatedAt.ToUnixTimeMilliseconds())]).ExecuteNonQuery();

    /// <summary>Changes all but id and creation.</summary>
    public static void Update(DbCommand command, string accountId, RamGroup group) => command.Sql(
        "UPDATE kms_ram_group SET name = @name, folded = @folded, comments = @comments, updated_at = @updated WHERE account_id = @account AND group_id = @id",
        Values(accountId, group)).ExecuteNonQuery();

    /// <summary>Reads <see cref="Columns"/>.</summary>
    public static RamGroup Row(DbDataReader reader) => new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.Time(3), reader.Time(4));

    private static (string, object)[] Values(string accountId, RamGroup group) =>
    [
        ("@account", accountId), ("@id", group.GroupId), ("@name", group.GroupName), ("@folded", RamNames.Fold(group.GroupName)), ("@comments", group.Comments),
        ("@updated", group.UpdatedAt.ToUnixTimeMilliseconds()),
    ];
}
