using System.Data.Common;
using Orleans.Kms.Grains.Listing;
using Orleans.Kms.Grains.Quotas;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Grains.Aliases;

/// <summary>The table of all aliases, for lists and quotas; the truth about an alias is its grain. Rows are touched and put right as in <see cref="KeyIndex"/>.</summary>
internal sealed class AliasIndex(DbDataSource database, BatchWriter writer)
{
    /// <summary>Adds a hidden row for an alias that is about to be made; false if the quota is used up.</summary>
    public Task<bool> Announce(string accountId, string name, Guid keyId, DateTimeOffset now, Quota quota) => writer.Execute(command =>
    {
        if (Find(command, accountId, name) is not null)
        {
            // Of an alias that was never made, or of whose end the row does not tell: it is to point elsewhere now.
            command.Sql("UPDATE kms_alias SET touched_at = @now, key_id = @key WHERE account_id = @account AND name = @name",
                ("@now", now.ToUnixTimeMilliseconds()), ("@key", keyId.ToString("D")), ("@account", accountId), ("@name", name)).ExecuteNonQuery();
            return true;
        }
        command.Sql("INSERT INTO kms_account (account_id) VALUES (@account) ON CONFLICT DO NOTHING", ("@account", accountId)).ExecuteNonQuery();
        var ordinal = command.Sql(
            "UPDATE kms_account SET aliases = aliases + 1, alias_ordinal = alias_ordinal + 1 WHERE account_id = @account AND aliases < @max RETURNING alias_ordinal",
            ("@account", accountId), ("@max", quota.Aliases)).ExecuteScalar();
        if (ordinal is null) return false;
        command.Sql("INSERT INTO kms_alias (account_id, ordinal, name, key_id, shown, touched_at) VALUES (@account, @ordinal, @name, @key, 0, @now)",
            ("@account", accountId), ("@ordinal", ordinal), ("@name", name), ("@key", keyId.ToString("D")), ("@now", now.ToUnixTimeMilliseconds())).ExecuteNonQuery();
        return true;
    });

    /// <summary>Says that a change of the alias begins.</summary>
    public Task Touch(string accountId, string name, DateTimeOffset now) => writer.Execute(command => Touch(command, accountId, name, now));

    /// <summary>Makes the row tell what is durable.</summary>
    public Task Put(string accountId, string name, Guid keyId) => writer.Execute(command =>
    {
        if (Find(command, accountId, name) is not { } found) return;
        command.Sql("UPDATE kms_alias SET shown = 1, touched_at = NULL, key_id = @key WHERE account_id = @account AND name = @name",
            ("@key", keyId.ToString("D")), ("@account", accountId), ("@name", name)).ExecuteNonQuery();
        if (!found.Shown) Buckets.Count(command, accountId, Buckets.Aliases, found.Ordinal, 0, 1);
    });

    /// <summary>Removes the row of an alias that was deleted or never made.</summary>
    public Task Remove(string accountId, string name) => writer.Execute(command =>
    {
        if (Find(command, accountId, name) is not { } found) return;
        if (found.Shown) Buckets.Count(command, accountId, Buckets.Aliases, found.Ordinal, 0, -1);
        command.Sql("DELETE FROM kms_alias WHERE account_id = @account AND name = @name", ("@account", accountId), ("@name", name)).ExecuteNonQuery();
        command.Sql("UPDATE kms_account SET aliases = aliases - 1 WHERE account_id = @account", ("@account", accountId)).ExecuteNonQuery();
    });

    /// <summary>One page of an account's aliases in order of their announcement, and how many there are. Both come from one snapshot.</summary>
    public async Task<(List<AliasRow> Aliases, int TotalCount)> Page(string accountId, PageRequest page)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var snapshot = await connection.BeginSnapshotAsync();
        await using var command = connection.CreateCommand();
        command.Transaction = snapshot;
        var counts = await Buckets.Read(command, accountId, Buckets.Aliases, _ => true);
        var rows = new List<AliasRow>(page.Size);
        foreach (var (bucket, skip, take) in Buckets.Find(counts, (page.Number - 1L) * page.Size, page.Size))
        {
            command.Sql("SELECT name, key_id, touched_at FROM kms_alias WHERE account_id = @account AND shown = 1 AND ordinal >= @from AND ordinal < @to ORDER BY ordinal LIMIT @take OFFSET @skip",
                ("@account", accountId), ("@from", bucket * Buckets.Size), ("@to", (bucket + 1) * Buckets.Size), ("@take", take), ("@skip", skip));
            await Read(command, rows);
        }
        return (rows, counts.Sum(count => count.Rows));
    }

    /// <summary>One page of the aliases of a CMK.</summary>
    public async Task<(List<AliasRow> Aliases, int TotalCount)> Page(string accountId, Guid keyId, PageRequest page)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var snapshot = await connection.BeginSnapshotAsync();
        await using var command = connection.CreateCommand();
        command.Transaction = snapshot;
        command.Sql("SELECT COUNT(*) FROM kms_alias WHERE account_id = @account AND key_id = @key AND shown = 1", ("@account", accountId), ("@key", keyId.ToString("D")));
        var total = Convert.ToInt32(await command.ExecuteScalarAsync(), null);
        command.Sql("SELECT name, key_id, touched_at FROM kms_alias WHERE account_id = @account AND key_id = @key AND shown = 1 ORDER BY ordinal LIMIT @take OFFSET @skip",
            ("@account", accountId), ("@key", keyId.ToString("D")), ("@take", page.Size), ("@skip", (page.Number - 1L) * page.Size));
        var rows = new List<AliasRow>(page.Size);
        await Read(command, rows);
        return (rows, total);
    }

    /// <summary>The names of some aliases of a CMK, those that are being made included.</summary>
    public async Task<List<string>> NamesOf(string accountId, Guid keyId, int limit)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.Sql("SELECT name FROM kms_alias WHERE account_id = @account AND key_id = @key ORDER BY ordinal LIMIT @limit",
            ("@account", accountId), ("@key", keyId.ToString("D")), ("@limit", limit));
        var names = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) names.Add(reader.GetString(0));
        return names;
    }

    /// <summary>Rows that were touched before <paramref name="before"/>: what crashes left behind.</summary>
    public async Task<List<(string AccountId, string Name)>> Unfinished(DateTimeOffset before, int skip, int limit)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.Sql("SELECT account_id, name FROM kms_alias WHERE touched_at < @before ORDER BY touched_at LIMIT @limit OFFSET @skip",
            ("@before", before.ToUnixTimeMilliseconds()), ("@limit", limit), ("@skip", skip));
        var rows = new List<(string, string)>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) rows.Add((reader.GetString(0), reader.GetString(1)));
        return rows;
    }

    private static int Touch(DbCommand command, string accountId, string name, DateTimeOffset now) => command.Sql(
        "UPDATE kms_alias SET touched_at = @now WHERE account_id = @account AND name = @name",
        ("@now", now.ToUnixTimeMilliseconds()), ("@account", accountId), ("@name", name)).ExecuteNonQuery();

    private static (long Ordinal, bool Shown)? Find(DbCommand command, string accountId, string name)
    {
        command.Sql("SELECT ordinal, shown FROM kms_alias WHERE account_id = @account AND name = @name", ("@account", accountId), ("@name", name));
        using var reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0), reader.GetInt32(1) == 1) : null;
    }

    private static async Task Read(DbCommand command, List<AliasRow> rows)
    {
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) rows.Add(new(reader.GetString(0), Guid.Parse(reader.GetString(1)), !await reader.IsDBNullAsync(2)));
    }
}

/// <summary>One row of the table of aliases.</summary>
/// <param name="Name">With its prefix.</param>
/// <param name="KeyId">The CMK that it points to, as far as the row knows.</param>
/// <param name="Touched">Whether a change began that the row does not tell yet.</param>
internal sealed record AliasRow(string Name, Guid KeyId, bool Touched);
