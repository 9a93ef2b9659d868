using System.Text;
using Orleans.Kms.Grains.Trail;

namespace Orleans.Kms.Grains.Tests.Trail;

public sealed class TrailSegmentTests : IDisposable
{
    private readonly SqliteTrail _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData(999, 1)]
    [InlineData(1000, 2)]
    public async Task A_segment_ends_when_it_is_a_second_old(int ms, int segments)
    {
        await using var trail = new TestTrail(_home);
        await trail.Record(1);
        trail.Clock.Advance(TimeSpan.FromMilliseconds(ms));
        await trail.Record(2);
        Assert.Equal(segments, Segments(trail).Count);
    }

    [Theory]
    [InlineData(10_000, 1)]
    [InlineData(10_001, 2)]
    [InlineData(-10_000, 1)]
    [InlineData(-10_001, 2)]
    public async Task An_event_lies_within_10_seconds_of_its_segment(int ms, int segments)
    {
        await using var trail = new TestTrail(_home);
        await trail.Record(1);
        await trail.Writer.Record(trail.Event(2, after: TimeSpan.FromMilliseconds(ms)));
        Assert.Equal(segments, Segments(trail).Count);
    }

    [Fact]
    public async Task A_segment_ends_when_it_has_4096_events()
    {
        await using var trail = new TestTrail(_home);
        var all = new List<Task>();
        using (trail.Hold()) all.AddRange(Enumerable.Range(0, 4096).Select(trail.Record));
        await Task.WhenAll(all);
        await trail.Record(4096);
        Assert.Equal([1L, 9], Segments(trail));
    }

    [Fact]
    public async Task A_segment_ends_when_it_has_a_mebibyte()
    {
        await using var trail = new TestTrail(_home);
        for (var i = 0; i < 3; i++)
        {
            await trail.Writer.Record(new(TestTrail.Account, TestTrail.Begin, Guid.NewGuid(), Encoding.ASCII.GetBytes(new string('x', (1 << 19) - 1)), []));
        }
        Assert.Equal([1L, 3], Segments(trail));
    }

    [Fact]
    public async Task A_restart_begins_a_segment()
    {
        await using (var trail = new TestTrail(_home)) await trail.Record(1);
        await using var again = new TestTrail(_home);
        await again.Record(2);
        Assert.Equal([1L, 2], Segments(again));
    }

    [Fact]
    public async Task What_a_segment_is_found_by_is_written_once()
    {
        await using var trail = new TestTrail(_home);
        TrailTerm alice = TrailTerm.Of(TrailField.User, "alice"), bob = TrailTerm.Of(TrailField.User, "bob");
        foreach (var terms in new[] { new[] { alice }, [alice, bob], [bob] }) await trail.Writer.Record(trail.Event(0, terms: terms));
        await trail.Writer.Record(trail.Event(0, TestTrail.Stranger, terms: alice));
        TrailPosting[][] expected = [[new(TestTrail.Account, TrailTerm.All), new(TestTrail.Account, alice)], [new(TestTrail.Account, bob)], [], [new(TestTrail.Stranger, TrailTerm.All), new(TestTrail.Stranger, alice)]];
        Assert.Equal(expected, trail.Rows("SELECT terms FROM kms_trail_block ORDER BY number", row => row.IsDBNull(0) ? [] : TrailPosting.Read(row.GetFieldValue<byte[]>(0)).ToArray()));
        Assert.Equal(5, trail.Number("SELECT COUNT(*) FROM kms_trail_index"));
    }

    private static List<long> Segments(TestTrail trail) => trail.Rows("SELECT DISTINCT segment FROM kms_trail_block ORDER BY segment", row => row.GetInt64(0));
}
