using System.Data.Common;
using System.Globalization;
using Orleans.Kms.Grains.Quotas;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Grains.Listing;

/// <summary>
/// The table of all CMKs, for lists, sweeps and quotas; the truth about a key is its grain. Before a change that the row has to tell, the row is marked as touched, and
/// once the change is durable it is put right: a crash between leaves a touched row, which is settled by asking the grain, and never a key that no list shows.
/// </summary>
internal sealed class KeyIndex(DbDataSource database, BatchWriter writer)
{
    /// <summary>Adds a hidden row for a key that is about to be made with one version; false if a quota is used up.</summary>
    public Task<bool> Announce(string accountId, Guid keyId, KeyClass @class, DateTimeOffset now, Quota quota) => writer.Execute(command =>
    {
        var asymmetric = AsymmetricShare(@class);
        if (!Reserve(command, accountId, quota, keys: 1, versions: 1, asymmetric)) return false;
        var ordinal = command.Sql("UPDATE kms_account SET key_ordinal = key_ordinal + 1 WHERE account_id = @account RETURNING key_ordinal", ("@account", accountId)).ExecuteScalar();
        command.Sql(
            "INSERT INTO kms_key (account_id, ordinal, key_id, shown, touched_at, class, versions) VALUES (@account, @ordinal, @key, 0, @now, @class, 1)",
            ("@account", accountId), ("@ordinal", ordinal!), ("@key", Text(keyId)), ("@now", now.ToUnixTimeMilliseconds()), ("@class", @class.Number)).ExecuteNonQuery();
        return true;
    });

    /// <summary>Says that a change of the key begins.</summary>
    public Task Touch(string accountId, Guid keyId, DateTimeOffset now) => writer.Execute(command => command.Sql(
        "UPDATE kms_key SET touched_at = @now WHERE account_id = @account AND key_id = @key",
        ("@now", now.ToUnixTimeMilliseconds()), ("@account", accountId), ("@key", Text(keyId))).ExecuteNonQuery());

    /// <summary>Makes the row tell what is durable.</summary>
    public Task Put(string accountId, Guid keyId, KeyRow row) => writer.Execute(command =>
    {
        if (Find(command, accountId, keyId) is not { } found) return;
        command.Sql("UPDATE kms_key SET shown = 1, touched_at = NULL, class = @class, due_at = @due, versions = @versions WHERE account_id = @account AND key_id = @key",
            ("@class", row.Class.Number), ("@versions", row.Versions), ("@due", row.DueAt is { } due ? due.ToUnixTimeMilliseconds() : DBNull.Value), ("@account", accountId), ("@key", Text(keyId))).ExecuteNonQuery();
        if (!found.Shown || found.Class != row.Class)
        {
            if (found.Shown) Buckets.Count(command, accountId, Buckets.Keys, found.Ordinal, found.Class.Number, -1);
            Buckets.Count(command, accountId, Buckets.Keys, found.Ordinal, row.Class.Number, 1);
        }
        // What was reserved for a version that then was not made is given back; what an upgrade did not know is counted.
        var excess = found.Versions - row.Versions;
        if (excess != 0) Release(command, accountId, keys: 0, excess, AsymmetricShare(row.Class) * excess);
        TagIndex.Replace(command, accountId, found.Ordinal, row.Tags);
    });

    /// <summary>Removes the row of a key that was destroyed or never made.</summary>
    public Task Remove(string accountId, Guid keyId) => writer.Execute(command =>
    {
        if (Find(command, accountId, keyId) is not { } found) return;
        if (found.Shown) Buckets.Count(command, accountId, Buckets.Keys, found.Ordinal, found.Class.Number, -1);
        TagIndex.Replace(command, accountId, found.Ordinal, []);
        command.Sql("DELETE FROM kms_key WHERE account_id = @account AND key_id = @key", ("@account", accountId), ("@key", Text(keyId))).ExecuteNonQuery();
        Release(command, accountId, keys: 1, found.Versions, AsymmetricShare(found.Class) * found.Versions);
    });

    /// <summary>
    /// Counts a key's versions against the quota before one more is made, and touches its row; false if it is used up. Given is how many there will be: asked again after
    /// a crash, nothing is counted twice.
    /// </summary>
    public Task<bool> ReserveVersion(string accountId, Guid keyId, int versions, DateTimeOffset now, Quota quota) => writer.Execute(command =>
    {
        if (Find(command, accountId, keyId) is not { } found || found.Versions >= versions) return true;
        var more = versions - found.Versions;
        if (!Reserve(command, accountId, quota, keys: 0, more, AsymmetricShare(found.Class) * more)) return false;
        command.Sql("UPDATE kms_key SET versions = @versions, touched_at = @now WHERE account_id = @account AND key_id = @key",
            ("@versions", versions), ("@now", now.ToUnixTimeMilliseconds()), ("@account", accountId), ("@key", Text(keyId))).ExecuteNonQuery();
        return true;
    });

    /// <summary>One page of an account's keys in order of their announcement, and how many the filter shows. Both come from one snapshot.</summary>
    public async Task<(List<(Guid KeyId, bool Touched)> Keys, int TotalCount)> Page(string accountId, PageRequest page, KeyFilter filter)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var snapshot = await connection.BeginSnapshotAsync();
        await using var command = connection.CreateCommand();
        command.Transaction = snapshot;
        var classes = new SortedSet<int>();
        var counts = await Buckets.Read(command, accountId, Buckets.Keys, number =>
        {
            var wanted = KeyClass.Of(number).IsShownBy(filter);
            if (wanted) classes.Add(number);
            return wanted;
        });
        var keys = new List<(Guid, bool)>(page.Size);
        // Numbers from the database itself. Without a filter the classes are left out: the primary key is in the right order already.
        var named = filter == KeyFilter.All ? "" : $"AND class IN ({string.Join(',', classes.Select(c => c.ToString(CultureInfo.InvariantCulture)))})";
        foreach (var (bucket, skip, take) in Buckets.Find(counts, (page.Number - 1L) * page.Size, page.Size))
        {
            command.Sql($"SELECT key_id, touched_at FROM kms_key WHERE account_id = @account AND shown = 1 {named} AND ordinal >= @from AND ordinal < @to ORDER BY ordinal LIMIT @take OFFSET @skip",
                ("@account", accountId), ("@from", bucket * Buckets.Size), ("@to", (bucket + 1) * Buckets.Size), ("@take", take), ("@skip", skip));
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) keys.Add((Guid.Parse(reader.GetString(0)), !await reader.IsDBNullAsync(1)));
        }
        return (keys, counts.Sum(count => count.Rows));
    }

    /// <summary>Rows that were touched before <paramref name="before"/>, hidden ones before <paramref name="hiddenBefore"/>: what crashes left behind.</summary>
    public Task<List<(string AccountId, Guid KeyId)>> Unfinished(DateTimeOffset before, DateTimeOffset hiddenBefore, int skip, int limit) => Rows(
        "SELECT account_id, key_id FROM kms_key WHERE touched_at < @before AND (shown = 1 OR touched_at < @hidden) ORDER BY touched_at LIMIT @limit OFFSET @skip",
        ("@before", before.ToUnixTimeMilliseconds()), ("@hidden", hiddenBefore.ToUnixTimeMilliseconds()), ("@limit", limit), ("@skip", skip));

    /// <summary>Keys to which the service had to do something by <paramref name="now"/>, the longest overdue first.</summary>
    public Task<List<(string AccountId, Guid KeyId)>> Overdue(DateTimeOffset now, int skip, int limit) => Rows(
        "SELECT account_id, key_id FROM kms_key WHERE due_at <= @now ORDER BY due_at LIMIT @limit OFFSET @skip",
        ("@now", now.ToUnixTimeMilliseconds()), ("@limit", limit), ("@skip", skip));

    /// <summary>How many keys there are to which the service had to do something by <paramref name="now"/>, and since when it had to with the first; null if there are none.</summary>
    public async Task<(long Count, DateTimeOffset? Since)> OverdueSince(DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.Sql("SELECT COUNT(*), MIN(due_at) FROM kms_key WHERE due_at <= @now", ("@now", now.ToUnixTimeMilliseconds()));
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetInt64(0), await reader.IsDBNullAsync(1) ? null : DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1)));
    }

    private static int AsymmetricShare(KeyClass @class) => Kms.Keys.KeySpecs.IsSymmetric(@class.Spec) ? 0 : 1;

    private static string Text(Guid keyId) => keyId.ToString("D");

    // One statement, so that it is exact however many silos there are.
    private static bool Reserve(DbCommand command, string accountId, Quota quota, int keys, int versions, int asymmetric)
    {
        command.Sql("INSERT INTO kms_account (account_id) VALUES (@account) ON CONFLICT DO NOTHING", ("@account", accountId)).ExecuteNonQuery();
        return command.Sql(
            """
            UPDATE kms_account SET keys = keys + @keys, key_versions = key_versions + @versions, asymmetric_key_versions = asymmetric_key_versions + @asymmetric
            WHERE account_id = @account AND (@keys = 0 OR keys < @maxKeys) AND key_versions + @versions <= @maxVersions
                AND (@asymmetric = 0 OR asymmetric_key_versions + @asymmetric <= @maxAsymmetric)
            """,
            ("@account", accountId), ("@keys", keys), ("@versions", versions), ("@asymmetric", asymmetric),
            ("@maxKeys", quota.Keys), ("@maxVersions", quota.KeyVersions), ("@maxAsymmetric", quota.AsymmetricKeyVersions)).ExecuteNonQuery() == 1;
    }

    private static void Release(DbCommand command, string accountId, int keys, int versions, int asymmetric) => command.Sql(
        """
        UPDATE kms_account SET keys = keys - @keys, key_versions = key_versions - @versions, asymmetric_key_versions = asymmetric_key_versions - @asymmetric
        WHERE account_id = @account
        """,
        ("@account", accountId), ("@keys", keys), ("@versions", versions), ("@asymmetric", asymmetric)).ExecuteNonQuery();

    private static (long Ordinal, bool Shown, KeyClass Class, int Versions)? Find(DbCommand command, string accountId, Guid keyId)
    {
        command.Sql("SELECT ordinal, shown, class, versions FROM kms_key WHERE account_id = @account AND key_id = @key", ("@account", accountId), ("@key", Text(keyId)));
        using var reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0), reader.GetInt32(1) == 1, KeyClass.Of(reader.GetInt32(2)), reader.GetInt32(3)) : null;
    }

    private async Task<List<(string AccountId, Guid KeyId)>> Rows(string sql, params (string, object)[] parameters)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.Sql(sql, parameters);
        var rows = new List<(string, Guid)>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) rows.Add((reader.GetString(0), Guid.Parse(reader.GetString(1))));
        return rows;
    }
}
