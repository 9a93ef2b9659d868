using System.Data.Common;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Grains.Trail.Proof;

/// <summary>Compares what is kept outside the database with what is in it.</summary>
internal static class LossSearch
{
    /// <summary>
    /// What a writer has to know of before it goes on: the losses since its newest chain began. Of what was lost before, that chain tells, for it was begun because of it; unless it is the
    /// first that the database has of the writer, which tells nothing: the database itself may be gone.
    /// </summary>
    /// <param name="trail">The trail's database.</param>
    /// <param name="writer">The writer's name.</param>
    /// <param name="anchors">What is kept outside; of one chain perhaps several.</param>
    public static List<TrailLoss> Find(DbDataSource trail, string writer, IEnumerable<SignedCheckpoint> anchors)
    {
        using var connection = trail.OpenConnection();
        using var command = connection.CreateCommand();
        var chains = command.Sql("SELECT chain_id, begun_at FROM kms_trail_chain WHERE writer = @writer ORDER BY chain DESC LIMIT 2", ("@writer", writer))
            .Rows(row => (ChainId: Guid.Parse(row.GetString(0)), BegunAt: row.Time(1)));
        var (newest, isFirst) = (chains.FirstOrDefault(), chains.Count < 2);
        return [.. Newest(anchors).Select(anchor => anchor.Checkpoint)
            .Where(anchor => isFirst || anchor.ChainId == newest.ChainId || anchor.Time >= newest.BegunAt)
            .Where(anchor => !IsBorneOut(command, anchor))
            .Select(anchor => new TrailLoss(anchor.ChainId, LastEvent(command, anchor.ChainId), anchor.LastEvent, anchor.Time))];
    }

    /// <summary>The newest of each chain.</summary>
    public static IEnumerable<(SignedCheckpoint Signed, TrailCheckpoint Checkpoint)> Newest(IEnumerable<SignedCheckpoint> anchors) =>
        from signed in anchors
        let checkpoint = TrailCheckpoint.Read(signed.Body)
        where checkpoint is not null
        group (signed, checkpoint) by checkpoint.ChainId into chain
        select chain.MaxBy(anchor => anchor.checkpoint.Number);

    /// <summary>Whether the database has what a checkpoint says. What is older than the oldest that is left was removed when its time had come.</summary>
    public static bool IsBorneOut(DbCommand command, TrailCheckpoint anchor)
    {
        var (number, block) = (("@number", (object)anchor.Number), ("@block", (object)anchor.LastBlock));
        if (command.Sql("SELECT chain FROM kms_trail_chain WHERE chain_id = @id", ("@id", anchor.ChainId.ToString("D"))).ExecuteScalar() is not { } found) return false;
        var chain = ("@chain", found);
        var body = command.Sql("SELECT body FROM kms_trail_checkpoint WHERE chain = @chain AND number = @number", chain, number).ExecuteScalar();
        if (body is byte[] kept ? !kept.AsSpan().SequenceEqual(anchor.ToBytes()) : command.Sql("SELECT MIN(number) FROM kms_trail_checkpoint WHERE chain = @chain", chain).ExecuteScalar() is not long least || least < anchor.Number) return false;
        var hash = command.Sql("SELECT hash FROM kms_trail_block WHERE chain = @chain AND number = @block", chain, block).ExecuteScalar();
        if (hash is byte[] last) return last.AsSpan().SequenceEqual(anchor.LastHash);
        return command.Sql("SELECT 1 FROM kms_trail_block WHERE chain = @chain AND number < @block LIMIT 1", chain, block).ExecuteScalar() is null;
    }

    private static long LastEvent(DbCommand command, Guid chainId) => command.Sql(
        """
        SELECT b.first_event + b.events - 1 FROM kms_trail_block b JOIN kms_trail_chain c ON c.chain = b.chain
        WHERE c.chain_id = @id ORDER BY b.number DESC LIMIT 1
        """,
        ("@id", chainId.ToString("D"))).ExecuteScalar() is long last ? last : 0;
}
