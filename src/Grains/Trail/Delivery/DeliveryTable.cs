using System.Data.Common;
using Orleans.Kms.Grains.Ram;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Trail.Reading;

namespace Orleans.Kms.Grains.Trail.Delivery;

/// <summary>The tables of deliveries and of how far they have come.</summary>
internal static class DeliveryTable
{
    private static readonly Dictionary<int, DeliveryPosition> NoPositions = [];

    /// <summary>Begins to deliver what is behind the ends of the chains.</summary>
    public static void Begin(DbCommand command, string accountId, TrailRow trail, IReadOnlyDictionary<int, long> ends)
    {
        var id = RamId.New();
        command.Sql(
            """
            INSERT INTO kms_trail_delivery (delivery_id, account_id, trail_id, trail_name, event_rw, trail_region, bucket, prefix, ended)
            VALUES (@id, @account, @trail, @name, @rw, @region, @bucket, @prefix, 0)
            """,
            ("@id", id), ("@account", accountId), ("@trail", trail.Id), ("@name", trail.Name), ("@rw", trail.EventRW), ("@region", trail.TrailRegion),
            ("@bucket", trail.Bucket), ("@prefix", trail.Prefix)).ExecuteNonQuery();
        Advance(command, id, ends);
    }

    /// <summary>Ends a trail's delivery with the ends of the chains: what is behind them is not delivered. What is before them still is.</summary>
    public static void End(DbCommand command, string trailId, IReadOnlyDictionary<int, long> ends)
    {
        var open = command.Sql("SELECT delivery_id FROM kms_trail_delivery WHERE trail_id = @trail AND ended = 0", ("@trail", trailId)).Rows(reader => reader.GetString(0));
        foreach (var id in open)
        {
            foreach (var (chain, last) in ends)
            {
                command.Sql(
                    """
                    INSERT INTO kms_trail_position (delivery_id, chain, block, last_block) VALUES (@id, @chain, 0, @last)
                    ON CONFLICT (delivery_id, chain) DO UPDATE SET last_block = excluded.last_block
                    """, ("@id", id), ("@chain", chain), ("@last", last)).ExecuteNonQuery();
            }
            command.Sql("UPDATE kms_trail_delivery SET ended = 1 WHERE delivery_id = @id", ("@id", id)).ExecuteNonQuery();
        }
    }

    /// <summary>The ids of all deliveries.</summary>
    public static List<string> List(DbCommand command) => command.Sql("SELECT delivery_id FROM kms_trail_delivery ORDER BY delivery_id").Rows(reader => reader.GetString(0));

    /// <summary>A delivery; null if all of it is delivered.</summary>
    public static TrailDelivery? Find(DbCommand command, string id)
    {
        var delivery = command.Sql("SELECT account_id, trail_id, trail_name, event_rw, trail_region, bucket, prefix, ended FROM kms_trail_delivery WHERE delivery_id = @id", ("@id", id))
            .FirstRow(reader => new TrailDelivery(
                id, reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetString(5), reader.GetString(6), reader.GetInt32(7) != 0,
                NoPositions));
        return delivery is null ? null : delivery with { Positions = Positions(command, id) };
    }

    /// <summary>Stores how far a delivery has come; it never goes back.</summary>
    public static void Advance(DbCommand command, string id, IEnumerable<KeyValuePair<int, long>> blocks)
    {
        foreach (var (chain, block) in blocks)
        {
            command.Sql(
                """
                INSERT INTO kms_trail_position (delivery_id, chain, block, last_block) VALUES (@id, @chain, @block, NULL)
                ON CONFLICT (delivery_id, chain) DO UPDATE SET block = excluded.block WHERE excluded.block > kms_trail_position.block
                """, ("@id", id), ("@chain", chain), ("@block", block)).ExecuteNonQuery();
        }
    }

    /// <summary>Removes a delivery.</summary>
    public static void Remove(DbCommand command, string id)
    {
        command.Sql("DELETE FROM kms_trail_position WHERE delivery_id = @id", ("@id", id)).ExecuteNonQuery();
        command.Sql("DELETE FROM kms_trail_delivery WHERE delivery_id = @id", ("@id", id)).ExecuteNonQuery();
    }

    private static Dictionary<int, DeliveryPosition> Positions(DbCommand command, string id) => command
        .Sql("SELECT chain, block, last_block FROM kms_trail_position WHERE delivery_id = @id", ("@id", id))
        .Rows(reader => (Chain: reader.GetInt32(0), Position: new DeliveryPosition(reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetInt64(2))))
        .ToDictionary(row => row.Chain, row => row.Position);
}
