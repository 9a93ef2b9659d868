using System.Data.Common;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Ram;

/// <summary>What the tables of users, groups, roles and custom policies have in common: an id, a name that is unique whatever its letter case, and a quota.</summary>
/// <param name="Table">The table.</param>
/// <param name="IdColumn">Its column of ids.</param>
/// <param name="Subject">What failures call it.</param>
internal sealed record NamedRows(string Table, string IdColumn, string Subject)
{
    public static readonly NamedRows Users = new("kms_ram_user", "user_id", RamErrors.User);
    public static readonly NamedRows Groups = new("kms_ram_group", "group_id", RamErrors.Group);
    public static readonly NamedRows Roles = new("kms_ram_role", "role_id", RamErrors.Role);
    public static readonly NamedRows Policies = new("kms_ram_policy", "policy_id", RamErrors.Policy);

    /// <summary>What a message calls it.</summary>
    public string Word { get; } = Subject.ToLowerInvariant();

    /// <summary>The failure of a name that nothing has.</summary>
    public KmsException Absent(string name) => RamErrors.NotExist(Subject, $"The {Word} {name} does not exist.");

    /// <summary>The id of what has exactly this name.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.EntityNotExist"/></exception>
    public string Require(DbCommand command, string accountId, string name) => (string?)command.Sql(
        $"SELECT {IdColumn} FROM {Table} WHERE account_id = @account AND folded = @folded AND name = @name",
        ("@account", accountId), ("@folded", RamNames.Fold(name)), ("@name", name)).ExecuteScalar() ?? throw Absent(name);

    /// <summary>Makes sure that a name may be given to something new, or to what has the id already.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.EntityAlreadyExists"/></exception>
    public void RequireFree(DbCommand command, string accountId, string name, string id = "")
    {
        var taken = (string?)command.Sql(
            $"SELECT name FROM {Table} WHERE account_id = @account AND folded = @folded AND {IdColumn} <> @id",
            ("@account", accountId), ("@folded", RamNames.Fold(name)), ("@id", id)).ExecuteScalar();
        if (taken is not null) throw RamErrors.AlreadyExists(Subject, $"The {Word} {taken} exists already.");
    }

    /// <summary>Makes sure that there may be one more.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.EntityLimitExceeded"/></exception>
    public void RequireRoom(DbCommand command, string accountId, int limit)
    {
        if (command.Sql($"SELECT COUNT(*) FROM {Table} WHERE account_id = @account", ("@account", accountId)).Number() >= limit) throw RamErrors.LimitExceeded(Subject, limit);
    }

    /// <summary>Removes what has the id.</summary>
    public void Delete(DbCommand command, string accountId, string id) =>
        command.Sql($"DELETE FROM {Table} WHERE account_id = @account AND {IdColumn} = @id", ("@account", accountId), ("@id", id)).ExecuteNonQuery();
}
