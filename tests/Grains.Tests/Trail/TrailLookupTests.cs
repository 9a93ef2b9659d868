using System.Text.Json;
using Orleans.Kms.Grains.Tests.Ram.Policies;
using Orleans.Kms.Grains.Trail;

namespace Orleans.Kms.Grains.Tests.Trail;

public sealed class SqliteTrailLookupTests() : TrailLookupTests(() => new SqliteTrail());

[Collection(PostgresTests.Name)]
public sealed class PostgresTrailLookupTests(PostgresServer server) : TrailLookupTests(() => new PostgresTrail(server));

public abstract class TrailLookupTests : TrailTests
{
    private protected TrailLookupTests(Func<ITrailHome> newHome) : base(newHome)
    {
    }

    // Several writers, restarts, events that come late, and queries of every kind, page by page, against a list in memory.
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 10)]
    [InlineData(3, 100)]
    public async Task Lookups_find_what_a_plain_search_finds(int seed, int batch)
    {
        var (dice, random, made) = (new Dice((ulong)seed), new RandomTrail(new((ulong)seed)), new List<MadeEvent>());
        for (var run = 0; run < 4; run++) made.AddRange(await Write(random, dice, batch, run % 3 == 0 ? "one" : "two"));
        await using var trail = new TestTrail(Home);
        var reader = new TrailReader(trail.Database);
        for (var i = 0; i < 60; i++)
        {
            var (query, account) = (random.Query(made), dice.Chance(4) ? TestTrail.Stranger : TestTrail.Account);
            var (size, expected) = (dice.Pick(3, 7, 50), made.Where(e => e.IsAskedFor(account, query)).Select(e => e.Number).Order().ToList());
            foreach (var asked in new[] { query, query with { Forward = !query.Forward } })
            {
                var found = await ReadAll(reader, account, asked, size);
                Assert.Equal(expected, found.Order());
                foreach (var page in found.Chunk(size)) AssertInOrder(page.Select(number => made[number].Second), asked.Forward, TimeSpan.Zero);
                AssertInOrder(found.Select(number => made[number].Time), asked.Forward, 2 * TrailLimits.SegmentSpan);
            }
        }
    }

    [Fact]
    public async Task Events_are_found_by_every_field_and_every_pair_of_fields()
    {
        var random = new RandomTrail(new(4));
        var made = await Write(random, new(4), 10, "one");
        await using var trail = new TestTrail(Home);
        var reader = new TrailReader(trail.Database);
        var e = made.First(made => made.Values.ContainsKey(TrailField.RoleName) && made.Account == TestTrail.Account);
        (TrailField Field, string Value)[] all = [.. e.Values.Select(pair => (pair.Key, pair.Value[^1])), (TrailField.EventId, e.EventId)];
        Assert.Equal(12, all.Length);
        foreach (var first in all)
        {
            foreach (var second in all)
            {
                var query = new TrailQuery(TestTrail.Begin.AddDays(-1), TestTrail.Begin.AddDays(1), true, first == second ? [first] : [first, second]);
                var found = await ReadAll(reader, TestTrail.Account, query, 50);
                Assert.Contains(e.Number, found);
                Assert.Equal(made.Where(e => e.IsAskedFor(TestTrail.Account, query)).Select(e => e.Number).Order(), found.Order());
            }
        }
    }

    [Fact]
    public async Task A_page_that_has_looked_at_enough_ends_early_and_the_next_goes_on()
    {
        var random = new RandomTrail(new(5));
        var made = await Write(random, new(5), 3, "one");
        await using var trail = new TestTrail(Home);
        using var connection = trail.Database.Source.OpenConnection();
        foreach (var forward in new[] { true, false })
        {
            var query = new TrailQuery(TestTrail.Begin.AddDays(-1), TestTrail.Begin.AddDays(1), forward, [(TrailField.User, "bob"), (TrailField.EventName, "CreateKey")]);
            var (found, pages, after) = (new List<int>(), 0, (TrailCursor?)null);
            do
            {
                using var lookup = new TrailLookup(connection, TestTrail.Account, query, new LookupBudget(1 << 16));
                var page = lookup.Read(after, 5);
                found.AddRange(page.Events.Select(Number));
                (after, pages) = (page.Next, pages + 1);
            }
            while (after is not null);
            var expected = made.Where(e => e.IsAskedFor(TestTrail.Account, query)).ToList();
            Assert.NotEmpty(expected);
            Assert.True(pages > 1 + expected.Count / 5);
            Assert.Equal(expected.Select(e => e.Number).Order(), found.Order());
        }
    }

    [Fact]
    public async Task Ids_are_found_however_they_are_written()
    {
        await using var trail = new TestTrail(Home);
        var e = trail.Event(7);
        await trail.Writer.Record(e);
        var query = new TrailQuery(TestTrail.Begin, TestTrail.Begin, true, [(TrailField.EventId, e.Id.ToString("D"))]);
        Assert.Equal([7], await ReadAll(new(trail.Database), TestTrail.Account, query, 20));
        Assert.Empty(await ReadAll(new(trail.Database), TestTrail.Stranger, query, 20));
        Assert.Empty(await ReadAll(new(trail.Database), TestTrail.Account, query with { Filters = [(TrailField.EventId, "no id")] }, 20));
    }

    [Fact]
    public async Task Blocks_follow_on_a_number_within_a_count_and_a_size()
    {
        await using var trail = new TestTrail(Home);
        for (var i = 1; i <= 200; i++) await trail.Record(i);
        var reader = new TrailReader(trail.Database);
        var chain = Assert.Single(await reader.Chains());
        Assert.Equal(("silo", TestTrail.Begin), (chain.Writer, chain.BegunAt));
        Assert.Equal(Enumerable.Range(1, 200), (await reader.BlocksAfter(chain.Chain, 0, 1000, long.MaxValue)).Select(block => (int)block.Number));
        Assert.Equal(Enumerable.Range(151, 50), (await reader.BlocksAfter(chain.Chain, 150, 1000, long.MaxValue)).Select(block => (int)block.Number));
        Assert.Equal([6L, 7, 8], (await reader.BlocksAfter(chain.Chain, 5, 3, long.MaxValue)).Select(block => block.Number));
        var block = Assert.Single(await reader.BlocksAfter(chain.Chain, 5, 3, 1));
        Assert.Equal((6, 6L, 1, 6), (block.Number, block.FirstEvent, block.Count, Number(Assert.Single(block.Events()))));
        Assert.Empty(await reader.BlocksAfter(chain.Chain, 200, 10, long.MaxValue));
    }

    private async Task<List<MadeEvent>> Write(RandomTrail random, Dice dice, int batch, string writer)
    {
        await using var trail = new TestTrail(Home, name: writer);
        var made = new List<MadeEvent>();
        while (made.Count < 250)
        {
            var all = new List<Task>();
            using (trail.Hold())
            {
                for (var i = 0; i <= dice.Below(batch); i++)
                {
                    made.Add(random.Event());
                    all.Add(trail.Writer.Record(made[^1].ToEvent()).AsTask());
                }
            }
            await Task.WhenAll(all);
            if (made.Max(e => e.Time) is var time && time > trail.Clock.GetUtcNow()) trail.Clock.SetUtcNow(time);
        }
        return made;
    }

    private static async Task<List<int>> ReadAll(TrailReader reader, long account, TrailQuery query, int max)
    {
        var (found, after) = (new List<int>(), (TrailCursor?)null);
        do
        {
            var page = await reader.Lookup(account, query, after, max);
            Assert.True(page.Events.Count == max || page.Next is null);
            found.AddRange(page.Events.Select(Number));
            after = page.Next;
        }
        while (after is not null);
        return found;
    }

    [Fact]
    public async Task A_page_is_in_the_order_of_the_times_to_the_millisecond()
    {
        await using var trail = new TestTrail(Home);
        using (trail.Hold())
        {
            foreach (var (number, after) in new[] { (1, 3), (2, 1), (3, 2), (4, -1500) }) _ = trail.Writer.Record(trail.Event(number, after: TimeSpan.FromMilliseconds(after))).AsTask();
        }
        await trail.Record(5);
        var query = new TrailQuery(TestTrail.Begin.AddDays(-1), TestTrail.Begin.AddDays(1), true, []);
        Assert.Equal([4, 5, 2, 3, 1], await ReadAll(new(trail.Database), TestTrail.Account, query, 5));
        Assert.Equal([1, 3, 2, 5, 4], await ReadAll(new(trail.Database), TestTrail.Account, query with { Forward = false }, 5));
    }

    // Segments are in order, and an event is within 10 seconds of its segment.
    private static void AssertInOrder(IEnumerable<DateTimeOffset> times, bool forward, TimeSpan mayCross)
    {
        var last = DateTimeOffset.UnixEpoch;
        foreach (var time in forward ? times : times.Reverse())
        {
            Assert.True(time >= last - mayCross);
            if (time > last) last = time;
        }
    }

    private static int Number(ReadOnlyMemory<byte> json) => JsonDocument.Parse(json).RootElement.GetProperty("number").GetInt32();
}
