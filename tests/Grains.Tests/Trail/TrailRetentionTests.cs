using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Tests.Ram.Policies;
using Orleans.Kms.Grains.Trail;

namespace Orleans.Kms.Grains.Tests.Trail;

public sealed class SqliteTrailRetentionTests() : TrailRetentionTests(() => new SqliteTrail());

[Collection(PostgresTests.Name)]
public sealed class PostgresTrailRetentionTests(PostgresServer server) : TrailRetentionTests(() => new PostgresTrail(server));

public abstract class TrailRetentionTests : TrailTests
{
    private protected TrailRetentionTests(Func<ITrailHome> newHome) : base(newHome)
    {
    }

    [Fact]
    public async Task Segments_go_once_the_checkpoints_that_cover_them_are_too_old()
    {
        await using var trail = new TestTrail(Home);
        // Segments of the blocks 1, 2-3, 4, 5-6, 7.
        foreach (var isNew in new[] { true, true, false, true, true, false, true })
        {
            if (isNew) trail.Clock.Advance(TimeSpan.FromSeconds(2));
            await trail.Record(0);
        }
        var signed = trail.Clock.GetUtcNow();
        Check(trail, 1, 1, 2, signed);
        Check(trail, 2, 3, 3, signed);
        Check(trail, 3, 4, 5, signed.AddHours(1));
        await RunAt(trail, signed.AddDays(90));
        Assert.Equal((1, 3), (First(trail), Checkpoints(trail).Count));
        await RunAt(trail, signed.AddDays(90).AddMilliseconds(1));
        Assert.Equal(4, First(trail));
        Assert.Equal([2, 3], Checkpoints(trail));
        // Block 5 is of the segment of block 6, which nothing covers.
        await RunAt(trail, signed.AddDays(100));
        Assert.Equal(5, First(trail));
        Assert.Equal([2, 3], Checkpoints(trail));
        Check(trail, 4, 6, 7, signed.AddHours(2));
        await RunAt(trail, signed.AddDays(1000));
        Assert.Equal(7, First(trail));
        Assert.Equal([3, 4], Checkpoints(trail));
        await trail.Record(8);
        Assert.Equal([7L, 8], trail.Rows("SELECT number FROM kms_trail_block ORDER BY number", row => row.GetInt64(0)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task What_is_left_is_whole_and_found_whatever_is_removed(int seed)
    {
        var (dice, random) = (new Dice((ulong)seed), new RandomTrail(new((ulong)seed)));
        await using var trail = new TestTrail(Home);
        var (made, checkpoint, covered) = (new List<MadeEvent>(), 0, 0L);
        for (var i = 1; i <= 150; i++)
        {
            trail.Clock.Advance(TimeSpan.FromMilliseconds(dice.Below(700)));
            made.Add(random.Event());
            await trail.Writer.Record(made[^1].ToEvent());
            if (!dice.Chance(7)) continue;
            Check(trail, ++checkpoint, covered + 1, i, trail.Clock.GetUtcNow());
            covered = i;
        }
        var (begin, all) = (trail.Clock.GetUtcNow(), Blocks(trail));
        for (var ms = -60_000; ms <= 0; ms += 7000)
        {
            await RunAt(trail, begin.AddDays(90).AddMilliseconds(ms));
            AssertWhole(trail, all, begin.AddMilliseconds(ms));
            var query = random.Query(made) with { Start = TestTrail.Begin.AddDays(-1), End = TestTrail.Begin.AddDays(1) };
            var page = await new TrailReader(trail.Database).Lookup(TestTrail.Account, query, null, 1000);
            var left = (int)First(trail) - 1;
            Assert.Equal(made.Skip(left).Count(e => e.IsAskedFor(TestTrail.Account, query)), page.Events.Count);
        }
        Assert.True(First(trail) > 20);
    }

    private static void AssertWhole(TestTrail trail, List<(long Number, long Segment, long Time, byte[] Terms)> all, DateTimeOffset before)
    {
        var first = First(trail);
        Assert.Equal(all.Where(block => block.Number >= first).Select(block => block.Number), Blocks(trail).Select(block => block.Number));
        Assert.Equal(first, all.Single(block => block.Number == first).Segment);
        var left = all.Where(block => block.Number >= first).ToList();
        var times = left.Where(block => block.Number == block.Segment).ToDictionary(block => block.Segment, block => block.Time);
        Assert.Equal(
            left.SelectMany(block => TrailPosting.Read(block.Terms).Select(posting => (posting.AccountId, (int)posting.Term.Field, posting.Term.Value, times[block.Segment], block.Segment))).Order(),
            trail.Rows("SELECT account_id, field, value, time, segment FROM kms_trail_index", row => (row.GetInt64(0), row.GetInt32(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4))).Order());
        // The next segment has to stay, and of the checkpoints one more than cover what is left.
        var checkpoints = trail.Rows("SELECT last_block, signed_at FROM kms_trail_checkpoint ORDER BY number", row => (Last: row.GetInt64(0), At: row.Time(1)));
        var next = all.Last(block => block.Segment == first).Number;
        Assert.True(!checkpoints.Any(checkpoint => checkpoint.Last >= next) || checkpoints.First(checkpoint => checkpoint.Last >= next).At >= before);
        Assert.Equal(first == 1 ? 0 : 1, checkpoints.Count(checkpoint => checkpoint.Last < first));
        Assert.True(first == 1 || checkpoints.First(checkpoint => checkpoint.Last >= first - 1).At < before);
    }

    private static async Task RunAt(TestTrail trail, DateTimeOffset now)
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(now);
        using var retention = new TrailRetention(trail.Database, new(trail.Database), trail.Writer, Options.Create(new KmsOptions()), clock, NullLogger<TrailRetention>.Instance);
        await retention.Run();
    }

    private static void Check(TestTrail trail, int number, long first, long last, DateTimeOffset at) => trail.Execute(
        $"INSERT INTO kms_trail_checkpoint (chain, number, first_block, last_block, signed_at, body, signature, key_id) VALUES (1, {number}, {first}, {last}, {at.ToUnixTimeMilliseconds()}, '', '', '')");

    private static long First(TestTrail trail) => trail.Number("SELECT MIN(number) FROM kms_trail_block");

    private static List<int> Checkpoints(TestTrail trail) => trail.Rows("SELECT number FROM kms_trail_checkpoint ORDER BY number", row => row.GetInt32(0));

    private static List<(long Number, long Segment, long Time, byte[] Terms)> Blocks(TestTrail trail) => trail.Rows("SELECT number, segment, time, terms FROM kms_trail_block ORDER BY number",
        row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.IsDBNull(3) ? [] : row.GetFieldValue<byte[]>(3)));
}
