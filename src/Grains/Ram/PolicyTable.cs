using System.Data.Common;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Ram;

/// <summary>The table of custom policies.</summary>
internal static class PolicyTable
{
    private const string Columns =
        """
        p.policy_id, p.name, p.description, p.default_version, p.created_at, p.updated_at,
        (SELECT COUNT(*) FROM kms_ram_attachment a WHERE a.account_id = p.account_id AND a.policy_type = 1 AND a.policy_id = p.policy_id)
        """;

    /// <summary>The policy of exactly this name.</summary>
    /// <exception cref="Errors.KmsException"><see cref="Errors.KmsErrorCode.EntityNotExist"/></exception>
    public static CustomPolicy Require(DbCommand command, string accountId, string name) => command.Sql(
        $"SELECT {Columns} FROM kms_ram_policy p WHERE p.account_id = @account AND p.folded = @folded AND p.name = @name",
        ("@account", accountId), ("@folded", RamNames.Fold(name)), ("@name", name)).FirstRow(Row) ?? throw NamedRows.Policies.Absent(name);

    /// <summary>Policies from a folded name on, in order of name.</summary>
    public static List<CustomPolicy> Page(DbCommand command, string accountId, string from, int limit) => command.Sql(
        $"SELECT {Columns} FROM kms_ram_policy p WHERE p.account_id = @account AND p.folded >= @from ORDER BY p.folded LIMIT @limit",
        ("@account", accountId), ("@from", from), ("@limit", limit)).Rows(Row);

    /// <summary>Adds a policy whose name is free; its version 1 is the default one.</summary>
    public static void Insert(DbCommand command, string accountId, CustomPolicy policy) => command.Sql(
        """
        INSERT INTO kms_ram_policy (account_id, policy_id, name, folded, description, default_version, next_version, created_at, updated_at)
        VALUES (@account, @id, @name, @folded, @description, 1, 2, @created, @created)
        """,
        ("@account", accountId), ("@id", policy.Id), ("@name", policy.Policy.PolicyName), ("@folded", RamNames.Fold(policy.Policy.PolicyName)), ("@description", policy.Policy.Description),
        ("@created", policy.Policy.CreatedAt.ToUnixTimeMilliseconds())).ExecuteNonQuery();

    /// <summary>Changes the description.</summary>
    public static void Describe(DbCommand command, string accountId, string id, string description, DateTimeOffset now) => command.Sql(
        "UPDATE kms_ram_policy SET description = @description, updated_at = @now WHERE account_id = @account AND policy_id = @id",
        ("@description", description), ("@now", now.ToUnixTimeMilliseconds()), ("@account", accountId), ("@id", id)).ExecuteNonQuery();

    /// <summary>Makes a version count.</summary>
    public static void SetDefault(DbCommand command, string accountId, string id, int version, DateTimeOffset now) => command.Sql(
        "UPDATE kms_ram_policy SET default_version = @version, updated_at = @now WHERE account_id = @account AND policy_id = @id",
        ("@version", version), ("@now", now.ToUnixTimeMilliseconds()), ("@account", accountId), ("@id", id)).ExecuteNonQuery();

    /// <summary>Takes the number of a new version.</summary>
    public static int NextVersion(DbCommand command, string accountId, string id, DateTimeOffset now) => command.Sql(
        "UPDATE kms_ram_policy SET next_version = next_version + 1, updated_at = @now WHERE account_id = @account AND policy_id = @id RETURNING next_version - 1",
        ("@now", now.ToUnixTimeMilliseconds()), ("@account", accountId), ("@id", id)).Number();

    private static CustomPolicy Row(DbDataReader reader)
    {
        var version = reader.GetInt32(3);
        return new(reader.GetString(0), version, new(
            reader.GetString(1), PolicyType.Custom, reader.GetString(2), RamNames.VersionId(version), reader.GetInt32(6), reader.Time(4), reader.Time(5)));
    }
}

/// <summary>A custom policy.</summary>
/// <param name="Id">Stays for ever, and is not used again.</param>
/// <param name="DefaultVersion">The version that counts.</param>
/// <param name="Policy">As it is shown.</param>
internal sealed record CustomPolicy(string Id, int DefaultVersion, RamPolicy Policy)
{
    /// <summary>What attachments know it by.</summary>
    public PolicyKey Key => new(PolicyType.Custom, Id);
}
