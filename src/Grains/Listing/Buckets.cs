using System.Data.Common;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Grains.Listing;

/// <summary>
/// How many rows of a list are shown per thousand ordinals and class. A page by number is found by adding these up, so that the thousandth page costs what the
/// first costs; skipping rows one by one would cost as much as all pages before it.
/// </summary>
internal static class Buckets
{
    /// <summary>The list of an account's CMKs.</summary>
    public const int Keys = 0;

    /// <summary>The list of an account's aliases; its rows have one class, 0.</summary>
    public const int Aliases = 1;

    /// <summary>Ordinals per bucket; the schema's upgrade knows it too.</summary>
    public const int Size = 1000;

    /// <summary>Counts a row that appears (1) or disappears (-1); in the transaction that does it.</summary>
    public static void Count(DbCommand command, string accountId, int list, long ordinal, int @class, int change)
    {
        command.Sql(
            """
            INSERT INTO kms_bucket (account_id, list, bucket, class, row_count) VALUES (@account, @list, @bucket, @class, @change)
            ON CONFLICT (account_id, list, bucket, class) DO UPDATE SET row_count = kms_bucket.row_count + excluded.row_count
            """,
            ("@account", accountId), ("@list", list), ("@bucket", ordinal / Size), ("@class", @class), ("@change", change)).ExecuteNonQuery();
        if (change > 0) return;
        command.Sql("DELETE FROM kms_bucket WHERE account_id = @account AND list = @list AND bucket = @bucket AND class = @class AND row_count = 0",
            ("@account", accountId), ("@list", list), ("@bucket", ordinal / Size), ("@class", @class)).ExecuteNonQuery();
    }

    /// <summary>The counts of the classes that <paramref name="wanted"/> picks, by bucket in order.</summary>
    public static async Task<List<(long Bucket, int Rows)>> Read(DbCommand command, string accountId, int list, Func<int, bool> wanted)
    {
        var counts = new List<(long Bucket, int Rows)>();
        command.Sql("SELECT bucket, class, row_count FROM kms_bucket WHERE account_id = @account AND list = @list ORDER BY bucket", ("@account", accountId), ("@list", list));
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            if (!wanted(reader.GetInt32(1))) continue;
            var (bucket, rows) = (reader.GetInt64(0), reader.GetInt32(2));
            if (counts.Count > 0 && counts[^1].Bucket == bucket) counts[^1] = (bucket, counts[^1].Rows + rows);
            else counts.Add((bucket, rows));
        }
        return counts;
    }

    /// <summary>Which rows of which buckets make a page: skip so many, take so many.</summary>
    public static IEnumerable<(long Bucket, int Skip, int Take)> Find(IEnumerable<(long Bucket, int Rows)> counts, long skip, int take)
    {
        foreach (var (bucket, rows) in counts)
        {
            if (take == 0) yield break;
            if (skip >= rows)
            {
                skip -= rows;
                continue;
            }
            var here = (int)Math.Min(take, rows - skip);
            yield return (bucket, (int)skip, here);
            take -= here;
            skip = 0;
        }
    }
}
