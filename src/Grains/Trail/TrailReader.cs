using System.Data.Common;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Grains.Trail;

/// <summary>Reads the trail. Everything runs on pool threads, since SQLite blocks.</summary>
internal sealed class TrailReader(TrailDatabase database)
{
    /// <summary>Events of an account, at most <paramref name="max"/>, that follow on <paramref name="after"/>; from the beginning if that is null.</summary>
    /// <exception cref="DbException">The database fails.</exception>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.Throttled"/>: too many lookups wait.</exception>
    public Task<TrailPage> Lookup(long accountId, TrailQuery query, TrailCursor? after, int max) => CoreShare.Search(() =>
    {
        using var connection = database.Source.OpenConnection();
        using var lookup = new TrailLookup(connection, accountId, query, new());
        return lookup.Read(after, max);
    });

    /// <summary>The intents that were begun before, the oldest first, and when those were begun that cannot be read.</summary>
    /// <exception cref="DbException">The database fails.</exception>
    public Task<(IReadOnlyList<TrailIntent> Left, IReadOnlyList<DateTimeOffset> Unreadable)> Intents(DateTimeOffset begunBefore) => Read(connection =>
    {
        using var command = connection.CreateCommand();
        return TrailIntents.BegunBefore(command, begunBefore);
    });

    /// <summary>The nonces of an access key's requests since then, at most about <paramref name="max"/>, the latest first to be found.</summary>
    /// <exception cref="DbException">The database fails.</exception>
    public Task<TrailNonces> Nonces(string accessKeyId, long accountId, DateTimeOffset since, int max) => Read(connection => NonceSearch.Run(connection, accessKeyId, accountId, since, max));

    /// <summary>The blocks of a chain that follow on a number: at most so many, and once they have so many bytes no more.</summary>
    /// <exception cref="DbException">The database fails.</exception>
    public Task<IReadOnlyList<TrailBlock>> BlocksAfter(int chain, long number, int maxBlocks, long maxBytes) => Read<IReadOnlyList<TrailBlock>>(connection =>
    {
        var blocks = new List<TrailBlock>();
        using var command = connection.CreateCommand();
        using var reader = command.Sql($"SELECT {TrailBlock.Columns} FROM kms_trail_block WHERE chain = @chain AND number > @number ORDER BY number LIMIT @limit",
            ("@chain", chain), ("@number", number), ("@limit", maxBlocks)).ExecuteReader();
        while (maxBytes > 0 && reader.Read())
        {
            blocks.Add(TrailBlock.Read(reader));
            maxBytes -= blocks[^1].Body.Length;
        }
        return blocks;
    });

    /// <summary>All chains.</summary>
    /// <exception cref="DbException">The database fails.</exception>
    public Task<IReadOnlyList<TrailChain>> Chains() => Read<IReadOnlyList<TrailChain>>(connection =>
    {
        using var command = connection.CreateCommand();
        return command.Sql("SELECT chain, chain_id, writer, begun_at FROM kms_trail_chain ORDER BY chain")
            .Rows(row => new TrailChain(row.GetInt32(0), Guid.Parse(row.GetString(1)), row.GetString(2), row.Time(3)));
    });

    private Task<T> Read<T>(Func<DbConnection, T> read) => Task.Run(() =>
    {
        using var connection = database.Source.OpenConnection();
        return read(connection);
    });
}
