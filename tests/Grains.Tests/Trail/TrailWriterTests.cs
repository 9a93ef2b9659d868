using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Orleans.Kms.Grains.Trail;

namespace Orleans.Kms.Grains.Tests.Trail;

public sealed class SqliteTrailWriterTests() : TrailWriterTests(() => new SqliteTrail());

[Collection(PostgresTests.Name)]
public sealed class PostgresTrailWriterTests(PostgresServer server) : TrailWriterTests(() => new PostgresTrail(server));

public abstract class TrailWriterTests : TrailTests
{
    private protected TrailWriterTests(Func<ITrailHome> newHome) : base(newHome)
    {
    }

    [Fact]
    public async Task An_event_is_there_when_its_recording_ends()
    {
        await using var trail = new TestTrail(Home);
        for (var i = 1; i <= 3; i++)
        {
            await trail.Writer.Record(trail.Event(i));
            Assert.Equal(i, trail.Blocks().Count);
        }
        Assert.Equal([1, 2, 3], trail.Numbers());
    }

    [Fact]
    public async Task What_waits_while_a_block_commits_is_the_next_block_in_the_order_of_its_coming()
    {
        await using var trail = new TestTrail(Home);
        var all = new List<Task>();
        using (trail.Hold())
        {
            for (var i = 0; i < 300; i++) all.Add(trail.Writer.Record(trail.Event(i)).AsTask());
            Assert.DoesNotContain(all, task => task.IsCompleted);
        }
        await Task.WhenAll(all);
        Assert.Single(trail.Blocks());
        Assert.Equal(Enumerable.Range(0, 300), trail.Numbers());
    }

    [Fact]
    public async Task A_block_has_at_most_512_events()
    {
        Assert.Equal([512, 512, 6], await Sizes(trail => Enumerable.Range(0, 1030).Select(i => trail.Event(i))));
    }

    [Fact]
    public async Task A_block_has_at_most_a_mebibyte_of_events_unless_there_is_only_one()
    {
        Assert.Equal([16, 16, 1, 1, 1], await Sizes(trail =>
            Enumerable.Range(0, 33).Select(_ => Long(trail, (1 << 16) - 1)).Append(Long(trail, 2 << 20)).Append(Long(trail, (1 << 20) - 1))));
    }

    [Fact]
    public async Task The_events_of_a_block_lie_within_5_seconds()
    {
        Assert.Equal([2, 3, 2], await Sizes(trail => new[] { 0, 5000, 5001, 100, 1, 6000, 5500 }.Select(ms => trail.Event(0, after: TimeSpan.FromMilliseconds(ms)))));
    }

    [Fact]
    public async Task Blocks_are_chained_by_hashes_of_the_documented_form_across_restarts()
    {
        for (var run = 0; run < 3; run++)
        {
            await using var trail = new TestTrail(Home);
            trail.Clock.Advance(TimeSpan.FromSeconds(run));
            for (var i = 0; i < 3; i++)
            {
                var all = new List<Task>();
                using (trail.Hold()) all.AddRange(Enumerable.Range(0, i + 1).Select(n => trail.Writer.Record(trail.Event(n)).AsTask()));
                await Task.WhenAll(all);
            }
        }
        await using var end = new TestTrail(Home);
        var chain = Assert.Single(end.Rows("SELECT chain_id, writer FROM kms_trail_chain", row => (Id: Guid.Parse(row.GetString(0)), row.GetString(1))));
        var blocks = end.Rows("SELECT number, first_event, events, written_at, body, root, previous, hash FROM kms_trail_block ORDER BY number", row => (Number: row.GetInt64(0), First: row.GetInt64(1),
            Events: row.GetInt32(2), WrittenAt: row.GetInt64(3), Body: row.GetFieldValue<byte[]>(4), Root: row.GetFieldValue<byte[]>(5), Previous: row.GetFieldValue<byte[]>(6), Hash: row.GetFieldValue<byte[]>(7)));
        Assert.Equal(9, blocks.Count);
        var (previous, number, first) = (new byte[32], 1L, 1L);
        foreach (var block in blocks)
        {
            var events = Encoding.UTF8.GetString(block.Body).Split('\n')[..^1];
            Assert.Equal((number, first, events.Length), (block.Number, block.First, block.Events));
            Assert.Equal(MerkleTree.Root([.. events.SelectMany(e => SHA256.HashData([0, .. Encoding.UTF8.GetBytes(e)]))]).ToArray(), block.Root);
            Assert.Equal(previous, block.Previous);
            byte[] header =
            [
                .. "KMSB"u8, 1, .. chain.Id.ToByteArray(bigEndian: true), .. Bytes(number), .. Bytes(first), 0, 0, 0, (byte)events.Length, .. Bytes(block.WrittenAt), .. previous, .. block.Root,
            ];
            Assert.Equal(SHA256.HashData(header), block.Hash);
            (previous, number, first) = (block.Hash, number + 1, first + events.Length);
        }
    }

    [Fact]
    public async Task Another_writer_has_a_chain_of_its_own()
    {
        await using (var one = new TestTrail(Home, name: "one")) await one.Writer.Record(one.Event(1));
        await using (var two = new TestTrail(Home, name: "two")) await two.Writer.Record(two.Event(2));
        await using var again = new TestTrail(Home, name: "one");
        await again.Writer.Record(again.Event(3));
        Assert.Equal([("one", 1L), ("one", 2L), ("two", 1L)], again.Rows("SELECT writer, number FROM kms_trail_block JOIN kms_trail_chain USING (chain) ORDER BY writer, number", row => (row.GetString(0), row.GetInt64(1))));
    }

    [Fact]
    public async Task A_new_chain_begins_when_it_is_asked_for()
    {
        await using var trail = new TestTrail(Home);
        await trail.Writer.Record(trail.Event(1));
        await trail.Writer.BeginChain();
        await trail.Writer.Record(trail.Event(2));
        await using var again = new TestTrail(Home);
        await again.Writer.Record(again.Event(3));
        Assert.Equal([1L, 2L, 2L], again.Rows("SELECT chain FROM kms_trail_block ORDER BY chain, number", row => row.GetInt64(0)));
    }

    private async Task<List<int>> Sizes(Func<TestTrail, IEnumerable<TrailEvent>> events)
    {
        await using var trail = new TestTrail(Home);
        var all = new List<Task>();
        using (trail.Hold()) all.AddRange(events(trail).Select(e => trail.Writer.Record(e).AsTask()));
        await Task.WhenAll(all);
        return [.. trail.Blocks().Select(block => block.Length)];
    }

    private static TrailEvent Long(TestTrail trail, int bytes) => new(TestTrail.Account, trail.Clock.GetUtcNow(), Guid.NewGuid(), Encoding.ASCII.GetBytes(new string('x', bytes)), []);

    private static byte[] Bytes(long number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return bytes;
    }
}
