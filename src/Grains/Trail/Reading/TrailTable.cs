using System.Data.Common;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Trail.Reading;

/// <summary>A trail as it is stored.</summary>
/// <param name="Id">Random digits: another trail of the same name has another one.</param>
/// <param name="Name">Unique in the account.</param>
/// <param name="State">Whether it delivers.</param>
/// <param name="EventRW"><c>Write</c>, <c>Read</c> or <c>All</c>.</param>
/// <param name="TrailRegion">A region's id, or <c>All</c>.</param>
/// <param name="Bucket">Where to.</param>
/// <param name="Prefix">What the names of objects begin with; may be empty.</param>
/// <param name="WriteRoleArn">As given; may be empty.</param>
/// <param name="CreatedAt">When it was made (UTC).</param>
/// <param name="UpdatedAt">When its settings were changed last (UTC).</param>
/// <param name="StartedAt">When it was started last (UTC).</param>
/// <param name="StoppedAt">When it was stopped last (UTC).</param>
/// <param name="DeliveredAt">When an object of it was written last (UTC).</param>
/// <param name="DeliveryError">Why none can be written at the moment.</param>
internal sealed record TrailRow(
    string Id, string Name, TrailState State, string EventRW, string TrailRegion, string Bucket, string Prefix, string WriteRoleArn,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? StartedAt, DateTimeOffset? StoppedAt, DateTimeOffset? DeliveredAt, string? DeliveryError);

/// <summary>The table of trails.</summary>
internal static class TrailTable
{
    private const string Select =
        """
        SELECT trail_id, name, state, event_rw, trail_region, bucket, prefix, write_role_arn, created_at, updated_at, started_at, stopped_at, delivered_at, delivery_error
        FROM kms_trail WHERE account_id = @account
        """;

    /// <summary>The trail of that name; null if there is none.</summary>
    public static TrailRow? Find(DbCommand command, string accountId, string name) => command.Sql($"{Select} AND name = @name", ("@account", accountId), ("@name", name)).FirstRow(Row);

    /// <summary>An account's trails, in order of name.</summary>
    public static List<TrailRow> List(DbCommand command, string accountId) => command.Sql($"{Select} ORDER BY name", ("@account", accountId)).Rows(Row);

    /// <summary>Adds a trail.</summary>
    public static void Insert(DbCommand command, string accountId, TrailRow trail) => command.Sql(
        """
        INSERT INTO kms_trail (account_id, trail_id, name, state, event_rw, trail_region, bucket, prefix, write_role_arn, created_at, updated_at, started_at, stopped_at)
        VALUES (@account, @id, @name, @state, @rw, @region, @bucket, @prefix, @role, @created, @updated, @started, @stopped)
        """, [.. Values(accountId, trail), ("@name", trail.Name), ("@created", trail.CreatedAt.ToUnixTimeMilliseconds())]).ExecuteNonQuery();

    /// <summary>Changes settings and state.</summary>
    public static void Update(DbCommand command, string accountId, TrailRow trail) => command.Sql(
        """
        UPDATE kms_trail SET state = @state, event_rw = @rw, trail_region = @region, bucket = @bucket, prefix = @prefix, write_role_arn = @role, updated_at = @updated,
        started_at = @started, stopped_at = @stopped
        WHERE account_id = @account AND trail_id = @id
        """, Values(accountId, trail)).ExecuteNonQuery();

    /// <summary>Removes a trail.</summary>
    public static void Delete(DbCommand command, string accountId, string id) =>
        command.Sql("DELETE FROM kms_trail WHERE account_id = @account AND trail_id = @id", ("@account", accountId), ("@id", id)).ExecuteNonQuery();

    /// <summary>Tells that an object of a trail was written.</summary>
    public static void Delivered(DbCommand command, string accountId, string id, DateTimeOffset at) => command.Sql(
        "UPDATE kms_trail SET delivered_at = @at, delivery_error = NULL WHERE account_id = @account AND trail_id = @id",
        ("@at", at.ToUnixTimeMilliseconds()), ("@account", accountId), ("@id", id)).ExecuteNonQuery();

    /// <summary>Tells why no object of a trail can be written.</summary>
    public static void Failed(DbCommand command, string accountId, string id, string error) => command.Sql(
        "UPDATE kms_trail SET delivery_error = @error WHERE account_id = @account AND trail_id = @id", ("@error", error), ("@account", accountId), ("@id", id)).ExecuteNonQuery();

    private static TrailRow Row(DbDataReader reader) => new(
        reader.GetString(0), reader.GetString(1), (TrailState)reader.GetInt32(2), reader.GetString(3), reader.GetString(4), reader.GetString(5), reader.GetString(6), reader.GetString(7),
        reader.Time(8), reader.Time(9), OptionalTime(reader, 10), OptionalTime(reader, 11), OptionalTime(reader, 12), reader.IsDBNull(13) ? null : reader.GetString(13));

    private static DateTimeOffset? OptionalTime(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.Time(column);

    private static (string, object)[] Values(string accountId, TrailRow trail) =>
    [
        ("@account", accountId), ("@id", trail.Id), ("@state", (int)trail.State), ("@rw", trail.EventRW), ("@region", trail.TrailRegion), ("@bucket", trail.Bucket), ("@prefix", trail.Prefix),
        ("@role", trail.WriteRoleArn), ("@updated", trail.UpdatedAt.ToUnixTimeMilliseconds()), ("@started", Stored(trail.StartedAt)), ("@stopped", Stored(trail.StoppedAt)),
    ];

    private static object Stored(DateTimeOffset? time) => time is { } at ? at.ToUnixTimeMilliseconds() : DBNull.Value;
}
