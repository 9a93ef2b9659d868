using System.Data.Common;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Ram;

/// <summary>The table of roles.</summary>
internal static class RoleTable
{
    /// <summary>The columns of a role whose table is called <c>r</c>; what follows them begins at <see cref="Width"/>.</summary>
    public const string Columns = "r.account_id, r.role_id, r.name, r.description, r.document, r.max_session_seconds, r.created_at, r.updated_at";

    /// <summary>How many columns these are.</summary>
    public const int Width = 8;

    /// <summary>The resource name of a role.</summary>
    public static string Arn(string accountId, string name) => $"acs:ram::{accountId}:role/{name}";

    /// <summary>The role of exactly this name; null if there is none.</summary>
    public static RamRole? Find(DbCommand command, string accountId, string name) => command.Sql(
        $"SELECT {Columns} FROM kms_ram_role r WHERE r.account_id = @account AND r.folded = @folded AND r.name = @name",
        ("@account", accountId), ("@folded", RamNames.Fold(name)), ("@name", name)).FirstRow(Row);

    /// <summary>The role of exactly this name.</summary>
    /// <exception cref="Errors.KmsException"><see cref="Errors.KmsErrorCode.EntityNotExist"/></exception>
    public static RamRole Require(DbCommand command, string accountId, string name) => Find(command, accountId, name) ?? throw NamedRows.Roles.Absent(name);

    /// <summary>The name of a role; null if there is none of that id.</summary>
    public static string? NameOf(DbCommand command, string accountId, string id) =>
        (string?)command.Sql("SELECT name FROM kms_ram_role WHERE account_id = @account AND role_id = @id", ("@account", accountId), ("@id", id)).ExecuteScalar();

    /// <summary>Roles behind a folded name, in order of name.</summary>
    public static List<RamRole> Page(DbCommand command, string accountId, string after, int limit) => command.Sql(
        $"SELECT {Columns} FROM kms_ram_role r WHERE r.account_id = @account AND r.folded > @after ORDER BY r.folded LIMIT @limit",
        ("@account", accountId), ("@after", after), ("@limit", limit)).Rows(Row);

    /// <summary>Adds a role whose name is free.</summary>
    public static void Insert(DbCommand command, string accountId, RamRole role) => command.Sql(
        """
        INSERT INTO kms_ram_role (account_id, role_id, name, folded, description, document, max_session_seconds, created_at, updated_at)
        VALUES (@account, @id, @name, @folded, @description, @document, @seconds, @created, @updated)
        """,
        [.. Values(accountId, role), ("@name", role.RoleName), ("@folded", RamNames.Fold(role.RoleName)), ("@created", role.CreatedAt.ToUnixTimeMilliseconds())]).ExecuteNonQuery();

    /// <summary>Changes all but id, name and creation.</summary>
    public static void Update(DbCommand command, string accountId, RamRole role) => command.Sql(
        "UPDATE kms_ram_role SET description = @description, document = @document, max_session_seconds = @seconds, updated_at = @updated WHERE account_id = @account AND role_id = @id",
        Values(accountId, role)).ExecuteNonQuery();

    /// <summary>Reads <see cref="Columns"/>.</summary>
    public static RamRole Row(DbDataReader reader) => new(
        reader.GetString(1), reader.GetString(2), Arn(reader.GetString(0), reader.GetString(2)), reader.GetString(3), reader.GetString(4), reader.GetInt32(5), reader.Time(6), reader.Time(7));

    private static (string, object)[] Values(string accountId, RamRole role) =>
    [
        ("@account", accountId), ("@id", role.RoleId), ("@description", role.Description), ("@document", role.AssumeRolePolicyDocument), ("@seconds", role.MaxSessionDuration),
        ("@updated", role.UpdatedAt.ToUnixTimeMilliseconds()),
    ];
}
