using System.Data.Common;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Ram;

/// <summary>The table of the versions of custom policies.</summary>
internal static class VersionTable
{
    /// <summary>All versions of a policy, in order of creation.</summary>
    public static List<RamPolicyVersion> List(DbCommand command, string accountId, CustomPolicy policy) => command.Sql(
        "SELECT version, document, created_at FROM kms_ram_policy_version WHERE account_id = @account AND policy_id = @id ORDER BY version",
        ("@account", accountId), ("@id", policy.Id)).Rows(reader => Row(reader, policy));

    /// <summary>One version.</summary>
    /// <exception cref="Errors.KmsException"><see cref="Errors.KmsErrorCode.EntityNotExist"/></exception>
    public static RamPolicyVersion Require(DbCommand command, string accountId, CustomPolicy policy, int version) => command.Sql(
        "SELECT version, document, created_at FROM kms_ram_policy_version WHERE account_id = @account AND policy_id = @id AND version = @version",
        ("@account", accountId), ("@id", policy.Id), ("@version", version)).FirstRow(reader => Row(reader, policy)) ?? throw Absent(policy.Policy.PolicyName, RamNames.VersionId(version));

    /// <summary>The failure of a version that there is not.</summary>
    public static Errors.KmsException Absent(string policyName, string versionId) => RamErrors.NotExist(RamErrors.PolicyVersion, $"The policy {policyName} has no version {versionId}.");

    /// <summary>How many versions a policy has.</summary>
    public static int Count(DbCommand command, string accountId, string policyId) => command.Sql(
        "SELECT COUNT(*) FROM kms_ram_policy_version WHERE account_id = @account AND policy_id = @id", ("@account", accountId), ("@id", policyId)).Number();

    /// <summary>Adds a version.</summary>
    public static void Insert(DbCommand command, string accountId, string policyId, int version, string document, DateTimeOffset now) => command.Sql(
        "INSERT INTO kms_ram_policy_version (account_id, policy_id, version, document, created_at) VALUES (@account, @id, @version, @document, @now)",
        ("@account", accountId), ("@id", policyId), ("@version", version), ("@document", document), ("@now", now.ToUnixTimeMilliseconds())).ExecuteNonQuery();

    /// <summary>Removes a version.</summary>
    public static void Delete(DbCommand command, string accountId, string policyId, int version) => command.Sql(
        "DELETE FROM kms_ram_policy_version WHERE account_id = @account AND policy_id = @id AND version = @version",
        ("@account", accountId), ("@id", policyId), ("@version", version)).ExecuteNonQuery();

    /// <summary>Removes the oldest versions that do not count, until there are fewer than the limit.</summary>
    public static void MakeRoom(DbCommand command, string accountId, CustomPolicy policy, int limit) => command.Sql(
        """
        DELETE FROM kms_ram_policy_version WHERE account_id = @account AND policy_id = @id AND version IN (
            SELECT version FROM kms_ram_policy_version WHERE account_id = @account AND policy_id = @id AND version <> @default ORDER BY version LIMIT @excess)
        """,
        ("@account", accountId), ("@id", policy.Id), ("@default", policy.DefaultVersion), ("@excess", Math.Max(0, Count(command, accountId, policy.Id) - limit + 1))).ExecuteNonQuery();

    /// <summary>Removes all versions of a policy.</summary>
    public static void DeleteAll(DbCommand command, string accountId, string policyId) => command.Sql(
        "DELETE FROM kms_ram_policy_version WHERE account_id = @account AND policy_id = @id", ("@account", accountId), ("@id", policyId)).ExecuteNonQuery();

    private static RamPolicyVersion Row(DbDataReader reader, CustomPolicy policy)
    {
        var version = reader.GetInt32(0);
        return new(RamNames.VersionId(version), version == policy.DefaultVersion, reader.GetString(1), reader.Time(2));
    }
}
