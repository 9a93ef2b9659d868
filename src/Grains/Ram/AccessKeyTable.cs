using System.Data.Common;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Grains.Ram;

/// <summary>The table of which access keys a user has; the truth about a key is its grain.</summary>
internal static class AccessKeyTable
{
    // A user's id is never empty.
    private const string Root = "";

    /// <summary>The access keys of a user, or of the account root, in order of creation.</summary>
    public static List<AccessKeyRow> List(DbCommand command, string accountId, string? userId) => command.Sql(
        "SELECT access_key_id, created_at FROM kms_ram_access_key WHERE account_id = @account AND user_id = @user ORDER BY created_at, access_key_id",
        ("@account", accountId), ("@user", userId ?? Root)).Rows(Row);

    /// <summary>All access keys of an account, the root's first.</summary>
    public static List<AccessKeyRow> ListAll(DbCommand command, string accountId) => command.Sql(
        "SELECT access_key_id, created_at FROM kms_ram_access_key WHERE account_id = @account ORDER BY user_id, created_at, access_key_id", ("@account", accountId)).Rows(Row);

    /// <summary>Whether the access key is the user's.</summary>
    public static bool Contains(DbCommand command, string accountId, string? userId, string accessKeyId) => command.Sql(
        "SELECT 1 FROM kms_ram_access_key WHERE account_id = @account AND user_id = @user AND access_key_id = @key",
        ("@account", accountId), ("@user", userId ?? Root), ("@key", accessKeyId)).ExecuteScalar() is not null;

    /// <summary>Adds a row, if it is not there.</summary>
    public static void Insert(DbCommand command, string accountId, string? userId, string accessKeyId, DateTimeOffset createdAt) => command.Sql(
        "INSERT INTO kms_ram_access_key (account_id, user_id, access_key_id, created_at) VALUES (@account, @user, @key, @created) ON CONFLICT DO NOTHING",
        ("@account", accountId), ("@user", userId ?? Root), ("@key", accessKeyId), ("@created", createdAt.ToUnixTimeMilliseconds())).ExecuteNonQuery();

    /// <summary>Removes a row.</summary>
    public static void Delete(DbCommand command, string accessKeyId) =>
        command.Sql("DELETE FROM kms_ram_access_key WHERE access_key_id = @key", ("@key", accessKeyId)).ExecuteNonQuery();

    private static AccessKeyRow Row(DbDataReader reader) => new(reader.GetString(0), reader.Time(1));
}

/// <summary>One row of the table of access keys.</summary>
/// <param name="Id">The access key's id.</param>
/// <param name="CreatedAt">When its making began.</param>
internal sealed record AccessKeyRow(string Id, DateTimeOffset CreatedAt);
