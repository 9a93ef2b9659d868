using System.Data.Common;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Grains.Listing;

/// <summary>
/// The table of all CMKs, for lists; the truth about a key is its grain. A row is added before the key is made and shown once the key is durable,
/// so that a crash between leaves a hidden row, and never a key that no list shows.
/// </summary>
internal sealed class KeyIndex(DbDataSource database, BatchWriter writer)
{
    /// <summary>Adds a hidden row for a key that is about to be made.</summary>
    public Task Announce(string accountId, Guid keyId, DateTimeOffset now) => writer.Execute(command => command.Sql(
        "INSERT INTO kms_key (account_id, key_id, shown, announced_at) VALUES (@account, @key, 0, @now) ON CONFLICT DO NOTHING",
        ("@account", accountId), ("@key", keyId.ToString("D")), ("@now", now.ToUnixTimeMilliseconds())).ExecuteNonQuery());

    /// <summary>Shows the row of a key that is durable now.</summary>
    public Task Show(string accountId, Guid keyId) => writer.Execute(command =>
    {
        var shown = command.Sql("UPDATE kms_key SET shown = 1 WHERE account_id = @account AND key_id = @key AND shown = 0",
            ("@account", accountId), ("@key", keyId.ToString("D"))).ExecuteNonQuery();
        if (shown == 0) return;
        command.Sql("INSERT INTO kms_account (account_id, keys_shown) VALUES (@account, 1) ON CONFLICT (account_id) DO UPDATE SET keys_shown = kms_account.keys_shown + 1",
            ("@account", accountId)).ExecuteNonQuery();
    });

    /// <summary>Removes the hidden row of a key that was never made.</summary>
    public Task Withdraw(string accountId, Guid keyId) => writer.Execute(command => command.Sql(
        "DELETE FROM kms_key WHERE account_id = @account AND key_id = @key AND shown = 0",
        ("@account", accountId), ("@key", keyId.ToString("D"))).ExecuteNonQuery());

    /// <summary>One page of an account's keys in order of their announcement, and how many there are. Both come from one snapshot.</summary>
    public async Task<(Guid[] Keys, int TotalCount)> Page(string accountId, PageRequest page)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.ReadUncommitted);
        await using var command = connection.CreateCommand();
        command.Transaction = snapshot;
        command.Sql("SELECT keys_shown FROM kms_account WHERE account_id = @account", ("@account", accountId));
        var total = Convert.ToInt32(await command.ExecuteScalarAsync() ?? 0, null);
        command.Sql("SELECT key_id FROM kms_key WHERE account_id = @account AND shown = 1 ORDER BY ordinal LIMIT @size OFFSET @skip",
            ("@account", accountId), ("@size", page.Size), ("@skip", (page.Number - 1L) * page.Size));
        return ([.. await Ids(command)], total);
    }

    /// <summary>Hidden rows from before <paramref name="before"/>: what crashes left behind.</summary>
    public async Task<List<(string AccountId, Guid KeyId)>> Unfinished(DateTimeOffset before, int limit)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.Sql("SELECT account_id, key_id FROM kms_key WHERE shown = 0 AND announced_at < @before ORDER BY ordinal LIMIT @limit",
            ("@before", before.ToUnixTimeMilliseconds()), ("@limit", limit));
        var rows = new List<(string, Guid)>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) rows.Add((reader.GetString(0), Guid.Parse(reader.GetString(1))));
        return rows;
    }

    private static async Task<List<Guid>> Ids(DbCommand command)
    {
        var ids = new List<Guid>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) ids.Add(Guid.Parse(reader.GetString(0)));
        return ids;
    }
}
