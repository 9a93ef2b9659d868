using System.Data.Common;
using System.Runtime.InteropServices;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Grains.Trail.Proof;

/// <summary>The tables of checkpoints and of their public keys.</summary>
internal sealed class CheckpointTable(TrailDatabase database)
{
    /// <summary>All chains.</summary>
    public async Task<IReadOnlyList<(int Chain, Guid ChainId)>> Chains()
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        return command.Sql("SELECT chain, chain_id FROM kms_trail_chain ORDER BY chain").Rows(row => (row.GetInt32(0), Guid.Parse(row.GetString(1))));
    }

    /// <summary>The newest checkpoint of a chain; null if there is none.</summary>
    public async Task<SignedCheckpoint?> Newest(int chain)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        return Newest(command, chain);
    }

    /// <summary>Whether a checkpoint of a chain is there as it was signed.</summary>
    public async Task<bool> Contains(int chain, SignedCheckpoint signed)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        var body = command.Sql("SELECT body FROM kms_trail_checkpoint WHERE chain = @chain AND number = @number", ("@chain", chain), ("@number", TrailCheckpoint.Read(signed.Body)!.Number)).ExecuteScalar();
        return body is byte[] there && there.AsSpan().SequenceEqual(signed.Body);
    }

    /// <summary>What is kept outside the database of chains that do not have it any more: the newest of each.</summary>
    public async Task<Dictionary<Guid, SignedCheckpoint>> Lost(IEnumerable<SignedCheckpoint> kept)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        return LossSearch.Newest(kept).Where(anchor => !LossSearch.IsBorneOut(command, anchor.Checkpoint)).ToDictionary(anchor => anchor.Checkpoint.ChainId, anchor => anchor.Signed);
    }

    /// <summary>The statement that is to be signed next: of the blocks that no checkpoint covers yet. Null if there are none.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="chainId">Its id.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="InvalidDataException">The blocks do not follow one another: they were altered, and nobody should sign them.</exception>
    public async Task<TrailCheckpoint?> Next(int chain, Guid chainId, DateTimeOffset now)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        var newest = Newest(command, chain);
        var last = newest is null ? null : TrailCheckpoint.Read(newest.Body) ?? throw new InvalidDataException("The newest checkpoint is none.");
        var first = (last?.LastBlock ?? 0) + 1;
        var (number, hash, lastEvent) = (first - 1, last?.LastHash ?? TrailCheckpoint.None, last?.LastEvent ?? 0);
        var hashes = new List<byte>();
        command.Sql("SELECT number, first_event, events, previous, hash FROM kms_trail_block WHERE chain = @chain AND number >= @first ORDER BY number LIMIT @limit",
            ("@chain", chain), ("@first", first), ("@limit", TrailCheckpoint.MaxBlocks));
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var follows = reader.GetInt64(0) == ++number && reader.GetInt64(1) == lastEvent + 1 && reader.GetFieldValue<byte[]>(3).AsSpan().SequenceEqual(hash);
            if (!follows) throw new InvalidDataException($"Block {number} does not follow the one before.");
            lastEvent += reader.GetInt32(2);
            hash = reader.GetFieldValue<byte[]>(4);
            hashes.AddRange(MerkleTree.HashLeaf(hash));
        }
        if (number < first) return null;
        var root = MerkleTree.Root(CollectionsMarshal.AsSpan(hashes)).ToArray();
        return new(chainId, (last?.Number ?? 0) + 1, first, number, lastEvent, now, hash, root, newest?.Hash ?? TrailCheckpoint.None);
    }

    /// <summary>Keeps a checkpoint and the key that it was signed for. Nothing happens if another silo was first.</summary>
    public static void Add(DbCommand command, int chain, SignedCheckpoint signed, byte[] publicKey)
    {
        var checkpoint = TrailCheckpoint.Read(signed.Body)!;
        AddKey(command, publicKey, checkpoint.Time);
        command.Sql(
            """
            INSERT INTO kms_trail_checkpoint (chain, number, first_block, last_block, signed_at, body, signature, key_id)
            VALUES (@chain, @number, @first, @last, @at, @body, @signature, @key) ON CONFLICT DO NOTHING
            """,
            ("@chain", chain), ("@number", checkpoint.Number), ("@first", checkpoint.FirstBlock), ("@last", checkpoint.LastBlock),
            ("@at", checkpoint.Time.ToUnixTimeMilliseconds()), ("@body", signed.Body), ("@signature", signed.Signature), ("@key", TrailKey.Name(publicKey))).ExecuteNonQuery();
    }

    /// <summary>Publishes a key, if it is not yet.</summary>
    public static void AddKey(DbCommand command, byte[] publicKey, DateTimeOffset now) => command.Sql(
        "INSERT INTO kms_trail_key (key_id, public_key, made_at) VALUES (@id, @key, @at) ON CONFLICT DO NOTHING",
        ("@id", TrailKey.Name(publicKey)), ("@key", publicKey), ("@at", now.ToUnixTimeMilliseconds())).ExecuteNonQuery();

    private static SignedCheckpoint? Newest(DbCommand command, int chain) => command
        .Sql("SELECT body, signature FROM kms_trail_checkpoint WHERE chain = @chain ORDER BY number DESC LIMIT 1", ("@chain", chain))
        .FirstRow(row => new SignedCheckpoint(row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1)));
}
