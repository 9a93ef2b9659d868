using System.Buffers;
using System.Buffers.Text;
using System.Data.Common;
using System.Globalization;
using System.Text;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Keys;
using Orleans.Kms.Listing;

namespace Orleans.Kms.Grains.Listing;

/// <summary>The table of the CMKs' tags, for lists across CMKs; the truth is in the key grains.</summary>
internal sealed class TagIndex(DbDataSource database)
{
    /// <summary>Makes the rows of one CMK tell its tags; in the transaction that changes its row in the key index.</summary>
    public static void Replace(DbCommand command, string accountId, long keyOrdinal, IReadOnlyList<Tag> tags)
    {
        command.Sql("DELETE FROM kms_tag WHERE account_id = @account AND key_ordinal = @ordinal", ("@account", accountId), ("@ordinal", keyOrdinal)).ExecuteNonQuery();
        foreach (var tag in tags)
        {
            command.Sql("INSERT INTO kms_tag (account_id, key_ordinal, tag_key, tag_value) VALUES (@account, @ordinal, @key, @value)",
                ("@account", accountId), ("@ordinal", keyOrdinal), ("@key", tag.Key), ("@value", tag.Value)).ExecuteNonQuery();
        }
    }

    /// <summary>One page of tags, by CMK in order of its creation, then by key.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.InvalidParameter"/>: NextToken is none of ours.</exception>
    public async Task<(List<(ResourceTag Tag, bool Touched)> Tags, string? NextToken)> Page(string accountId, TagQuery query)
    {
        var (afterOrdinal, afterKey) = query.NextToken is { } token ? ReadToken(token) : (-1, "");
        await using var connection = await database.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        Select(command, accountId, query, afterOrdinal, afterKey);
        var rows = new List<(ResourceTag Tag, bool Touched)>();
        var last = -1L;
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            // One more than a page holds: there is a next one.
            if (rows.Count == TagQuery.PageSize) return (rows, WriteToken(last, rows[^1].Tag.Tag.Key));
            last = reader.GetInt64(0);
            rows.Add((new(Guid.Parse(reader.GetString(1)), new(reader.GetString(2), reader.GetString(3))), !await reader.IsDBNullAsync(4)));
        }
        return (rows, null);
    }

    private static void Select(DbCommand command, string accountId, TagQuery query, long afterOrdinal, string afterKey)
    {
        var sql = new StringBuilder(
            """
            SELECT t.key_ordinal, k.key_id, t.tag_key, t.tag_value, k.touched_at FROM kms_tag t
            JOIN kms_key k ON k.account_id = t.account_id AND k.ordinal = t.key_ordinal
            WHERE t.account_id = @account AND k.shown = 1 AND (t.key_ordinal, t.tag_key) > (@ordinal, @after)
            """);
        var parameters = new List<(string, object)> { ("@account", accountId), ("@ordinal", afterOrdinal), ("@after", afterKey), ("@limit", TagQuery.PageSize + 1) };
        if (query.KeyIds.Length > 0)
        {
            var names = Names("key", query.KeyIds.Select(id => id.ToString("D")), parameters);
            sql.Append(CultureInfo.InvariantCulture, $" AND t.key_ordinal IN (SELECT ordinal FROM kms_key WHERE account_id = @account AND key_id IN ({names}))");
        }
        for (var i = 0; i < query.Tags.Length; i++)
        {
            sql.Append(CultureInfo.InvariantCulture, $" AND t.key_ordinal IN (SELECT key_ordinal FROM kms_tag WHERE account_id = @account AND tag_key = @tag{i}");
            parameters.Add(($"@tag{i}", query.Tags[i].Key));
            if (query.Tags[i].Value is { } value)
            {
                sql.Append(CultureInfo.InvariantCulture, $" AND tag_value = @value{i}");
                parameters.Add(($"@value{i}", value));
            }
            sql.Append(')');
        }
        command.Sql(sql.Append(" ORDER BY t.key_ordinal, t.tag_key LIMIT @limit").ToString(), [.. parameters]);
    }

    private static string Names(string prefix, IEnumerable<string> values, List<(string, object)> parameters)
    {
        var names = values.Select((value, i) => (Name: $"@{prefix}{i}", Value: value)).ToList();
        parameters.AddRange(names.Select(pair => (pair.Name, (object)pair.Value)));
        return string.Join(',', names.Select(pair => pair.Name));
    }

    private static string WriteToken(long ordinal, string key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{ordinal}:{key}")));

    private static (long Ordinal, string Key) ReadToken(string token)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(token.Length)];
        if (Base64Url.DecodeFromChars(token, bytes, out _, out var length) != OperationStatus.Done) throw Invalid();
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && long.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) ? (ordinal, text[(colon + 1)..]) : throw Invalid();
    }

    private static KmsException Invalid() => KmsException.InvalidParameter("NextToken");
}
