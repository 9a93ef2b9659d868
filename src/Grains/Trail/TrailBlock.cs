using System.Data.Common;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Grains.Trail;

/// <summary>A block as it is stored.</summary>
/// <param name="Chain">The chain's number in the database.</param>
/// <param name="Number">Its number in the chain, from 1.</param>
/// <param name="Segment">The number of the first block of its segment.</param>
/// <param name="FirstEvent">The number of its first event in the chain, from 1.</param>
/// <param name="Count">How many events it has.</param>
/// <param name="Time">The time of its oldest event (UTC).</param>
/// <param name="WrittenAt">When it was written, in milliseconds since 1970.</param>
/// <param name="Body">Its events, each followed by a line feed.</param>
/// <param name="Root">The root of the Merkle tree over its events.</param>
/// <param name="Previous">The hash of the block before.</param>
/// <param name="Hash">Its hash.</param>
internal sealed record TrailBlock(
    int Chain, long Number, long Segment, long FirstEvent, int Count, DateTimeOffset Time, long WrittenAt, byte[] Body, byte[] Root, byte[] Previous, byte[] Hash)
{
    /// <summary>The columns that <see cref="Read"/> reads.</summary>
    public const string Columns = "chain, number, segment, first_event, events, time, written_at, body, root, previous, hash";

    /// <summary>Its events.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Events() => Split(Body);

    /// <summary>The block of a row.</summary>
    public static TrailBlock Read(DbDataReader row) => new(
        row.GetInt32(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt32(4), row.Time(5), row.GetInt64(6),
        row.GetFieldValue<byte[]>(7), row.GetFieldValue<byte[]>(8), row.GetFieldValue<byte[]>(9), row.GetFieldValue<byte[]>(10));

    /// <summary>The events of a body. What follows the last line feed is none.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> body)
    {
        while (body.Span.IndexOf((byte)'\n') is var end and >= 0)
        {
            yield return body[..end];
            body = body[(end + 1)..];
        }
    }
}
