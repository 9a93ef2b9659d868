using System.Data.Common;
using Orleans.Kms.Grains.Ram.Policies;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Ram;

/// <summary>The table of who has which policy.</summary>
internal static class AttachmentTable
{
    /// <summary>Whether an identity has a policy.</summary>
    public static bool Contains(DbCommand command, string accountId, PolicyHolder holder, string identityId, PolicyKey policy) => command.Sql(
        "SELECT 1 FROM kms_ram_attachment WHERE account_id = @account AND kind = @kind AND identity_id = @identity AND policy_type = @type AND policy_id = @policy",
        Place(accountId, holder, identityId, policy)).ExecuteScalar() is not null;

    /// <summary>How many policies of a type an identity has.</summary>
    public static int Count(DbCommand command, string accountId, PolicyHolder holder, string identityId, PolicyType type) => command.Sql(
        "SELECT COUNT(*) FROM kms_ram_attachment WHERE account_id = @account AND kind = @kind AND identity_id = @identity AND policy_type = @type",
        ("@account", accountId), ("@kind", holder.Kind), ("@identity", identityId), ("@type", (int)type)).Number();

    /// <summary>Whether an identity has any policy.</summary>
    public static bool HasAny(DbCommand command, string accountId, PolicyHolder holder, string identityId) => command.Sql(
        "SELECT 1 FROM kms_ram_attachment WHERE account_id = @account AND kind = @kind AND identity_id = @identity LIMIT 1",
        ("@account", accountId), ("@kind", holder.Kind), ("@identity", identityId)).ExecuteScalar() is not null;

    /// <summary>Whether any identity of a kind has a policy.</summary>
    public static bool IsHeld(DbCommand command, string accountId, PolicyKey policy, PolicyHolder holder) => command.Sql(
        "SELECT 1 FROM kms_ram_attachment WHERE account_id = @account AND policy_type = @type AND policy_id = @policy AND kind = @kind LIMIT 1",
        ("@account", accountId), ("@type", (int)policy.Type), ("@policy", policy.Id), ("@kind", holder.Kind)).ExecuteScalar() is not null;

    /// <summary>Attaches a policy behind the others.</summary>
    public static void Insert(DbCommand command, string accountId, PolicyHolder holder, string identityId, PolicyKey policy, DateTimeOffset now) => command.Sql(
        """
        INSERT INTO kms_ram_attachment (account_id, kind, identity_id, ordinal, policy_type, policy_id, attached_at)
        SELECT @account, @kind, @identity, COALESCE(MAX(ordinal), 0) + 1, @type, @policy, @now FROM kms_ram_attachment
        WHERE account_id = @account AND kind = @kind AND identity_id = @identity
        """, [.. Place(accountId, holder, identityId, policy), ("@now", now.ToUnixTimeMilliseconds())]).ExecuteNonQuery();

    /// <summary>Detaches a policy.</summary>
    public static void Delete(DbCommand command, string accountId, PolicyHolder holder, string identityId, PolicyKey policy) => command.Sql(
        "DELETE FROM kms_ram_attachment WHERE account_id = @account AND kind = @kind AND identity_id = @identity AND policy_type = @type AND policy_id = @policy",
        Place(accountId, holder, identityId, policy)).ExecuteNonQuery();

    /// <summary>Detaches a policy from all that have it.</summary>
    public static void DeleteAll(DbCommand command, string accountId, PolicyKey policy) => command.Sql(
        "DELETE FROM kms_ram_attachment WHERE account_id = @account AND policy_type = @type AND policy_id = @policy",
        ("@account", accountId), ("@type", (int)policy.Type), ("@policy", policy.Id)).ExecuteNonQuery();

    /// <summary>How many identities of the account have each system policy that any has.</summary>
    public static Dictionary<string, int> SystemCounts(DbCommand command, string accountId) => command.Sql(
        "SELECT policy_id, COUNT(*) FROM kms_ram_attachment WHERE account_id = @account AND policy_type = 0 GROUP BY policy_id", ("@account", accountId))
        .Rows(reader => (Name: reader.GetString(0), Count: reader.GetInt32(1))).ToDictionary(row => row.Name, row => row.Count);

    /// <summary>The policies of an identity, in order of attachment.</summary>
    public static List<RamAttachedPolicy> List(DbCommand command, string accountId, PolicyHolder holder, string identityId) => [.. command.Sql(
        """
        SELECT a.policy_id, a.attached_at, p.name, p.description, p.default_version, p.created_at, p.updated_at,
            (SELECT COUNT(*) FROM kms_ram_attachment c WHERE c.account_id = a.account_id AND c.policy_type = a.policy_type AND c.policy_id = a.policy_id)
        FROM kms_ram_attachment a LEFT JOIN kms_ram_policy p ON a.policy_type = 1 AND p.account_id = a.account_id AND p.policy_id = a.policy_id
        WHERE a.account_id = @account AND a.kind = @kind AND a.identity_id = @identity ORDER BY a.ordinal
        """, ("@account", accountId), ("@kind", holder.Kind), ("@identity", identityId)).Rows(Attached).OfType<RamAttachedPolicy>()];

    /// <summary>The default versions of an identity's policies, in order of attachment.</summary>
    /// <param name="command">Reads.</param>
    /// <param name="accountId">16 digits.</param>
    /// <param name="holder">The kind of the identity.</param>
    /// <param name="identityId">Its id.</param>
    /// <param name="group">The name of the identity, if the policies count for the users of a group.</param>
    public static List<AttachedDocument> Documents(DbCommand command, string accountId, PolicyHolder holder, string identityId, string? group) => [.. command.Sql(
        """
        SELECT a.policy_id, p.name, v.version, v.document
        FROM kms_ram_attachment a LEFT JOIN kms_ram_policy p ON a.policy_type = 1 AND p.account_id = a.account_id AND p.policy_id = a.policy_id
        LEFT JOIN kms_ram_policy_version v ON v.account_id = p.account_id AND v.policy_id = p.policy_id AND v.version = p.default_version
        WHERE a.account_id = @account AND a.kind = @kind AND a.identity_id = @identity ORDER BY a.ordinal
        """, ("@account", accountId), ("@kind", holder.Kind), ("@identity", identityId)).Rows(reader => Document(reader, group)).OfType<AttachedDocument>()];

    /// <summary>The identities of a kind that have a policy, in order of name.</summary>
    /// <param name="command">Reads.</param>
    /// <param name="accountId">16 digits.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="holder">The kind.</param>
    /// <param name="alias">What <paramref name="columns"/> call its table.</param>
    /// <param name="columns">Its columns; the time of attachment follows them.</param>
    /// <param name="row">Reads all that.</param>
    public static List<T> Holders<T>(DbCommand command, string accountId, PolicyKey policy, PolicyHolder holder, char alias, string columns, Func<DbDataReader, T> row) => command.Sql(
        $"""
        SELECT {columns}, a.attached_at FROM kms_ram_attachment a
        JOIN {holder.Rows.Table} {alias} ON {alias}.account_id = a.account_id AND {alias}.{holder.Rows.IdColumn} = a.identity_id
        WHERE a.account_id = @account AND a.policy_type = @type AND a.policy_id = @policy AND a.kind = @kind ORDER BY {alias}.folded
        """, ("@account", accountId), ("@type", (int)policy.Type), ("@policy", policy.Id), ("@kind", holder.Kind)).Rows(row);

    // A system policy of another version of the program grants nothing here, and is not shown.
    private static RamAttachedPolicy? Attached(DbDataReader reader)
    {
        var (attachedAt, count) = (reader.Time(1), reader.GetInt32(7));
        if (reader.IsDBNull(2)) return SystemPolicies.Find(reader.GetString(0)) is { } system ? new(ServicePolicies.Shown(system, count), attachedAt) : null;
        return new(new(reader.GetString(2), PolicyType.Custom, reader.GetString(3), RamNames.VersionId(reader.GetInt32(4)), count, reader.Time(5), reader.Time(6)), attachedAt);
    }

    private static AttachedDocument? Document(DbDataReader reader, string? group)
    {
        if (!reader.IsDBNull(1)) return new(PolicyType.Custom, reader.GetString(1), RamNames.VersionId(reader.GetInt32(2)), reader.GetString(3), group);
        return SystemPolicies.Find(reader.GetString(0)) is { } system ? new(PolicyType.System, system.Name, SystemPolicy.Version, system.Document, group) : null;
    }

    private static (string, object)[] Place(string accountId, PolicyHolder holder, string identityId, PolicyKey policy) =>
        [("@account", accountId), ("@kind", holder.Kind), ("@identity", identityId), ("@type", (int)policy.Type), ("@policy", policy.Id)];
}
