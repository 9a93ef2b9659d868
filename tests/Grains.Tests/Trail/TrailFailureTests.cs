using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Tests.Trail;

public sealed class SqliteTrailFailureTests() : TrailFailureTests(() => new SqliteTrail());

[Collection(PostgresTests.Name)]
public sealed class PostgresTrailFailureTests(PostgresServer server) : TrailFailureTests(() => new PostgresTrail(server));

public abstract class TrailFailureTests : TrailTests
{
    private protected TrailFailureTests(Func<ITrailHome> newHome) : base(newHome)
    {
    }

    [Fact]
    public async Task A_locked_database_refuses_and_goes_on_when_it_is_free_again()
    {
        await using var trail = new TestTrail(Home, timeoutSeconds: 1);
        await trail.Writer.Record(trail.Event(1));
        using (Home.Lock())
        {
            await AssertRefused(trail, 2);
            await AssertRefused(trail, 3);
        }
        await trail.Writer.Record(trail.Event(4));
        Assert.Equal([1, 4], trail.Numbers());
        Assert.Equal(["The trail cannot be written, so calls are refused. Each further call tries again.", "The trail can be written again."], trail.Log.Lines);
    }

    [Fact]
    public async Task A_database_that_fails_refuses_everybody_who_waits_and_leaves_no_gap_in_the_chain()
    {
        await using var trail = new TestTrail(Home);
        await trail.Writer.Record(trail.Event(1));
        var refused = new List<Task>();
        trail.Execute("ALTER TABLE kms_trail_block RENAME TO away");
        using (trail.Hold())
        {
            for (var i = 0; i < 20; i++) refused.Add(trail.Record(2));
        }
        foreach (var task in refused) Assert.Equal(KmsErrorCode.ServiceUnavailable, (await Assert.ThrowsAsync<KmsException>(() => task)).Code);
        await AssertRefused(trail, 3);
        trail.Execute("ALTER TABLE away RENAME TO kms_trail_block");
        await trail.Writer.Record(trail.Event(4));
        Assert.Equal([1, 4], trail.Numbers());
        Assert.Equal([1, 2], trail.Rows("SELECT number FROM kms_trail_block ORDER BY number", row => row.GetInt64(0)));
        Assert.Equal(2, trail.Log.Lines.Count);
    }

    [Fact]
    public async Task A_writer_begins_without_its_database_and_records_once_it_is_there()
    {
        using (var source = Home.Source()) TestTrail.Execute(source, "ALTER TABLE kms_trail_chain RENAME TO away");
        await using var trail = new TestTrail(Home);
        await AssertRefused(trail, 1);
        trail.Execute("ALTER TABLE away RENAME TO kms_trail_chain");
        await trail.Writer.Record(trail.Event(2));
        Assert.Equal([2], trail.Numbers());
    }

    [Fact]
    public async Task Who_waits_for_10_seconds_is_refused_and_what_was_not_begun_is_not_recorded_later()
    {
        await using var trail = new TestTrail(Home);
        Task begun, waiting, late;
        var hold = trail.Hold();
        var hang = trail.HangNext();
        begun = trail.Writer.Record(trail.Event(1)).AsTask();
        hold.Dispose();
        hang.WaitUntilItHangs();
        waiting = trail.Writer.Record(trail.Event(2)).AsTask();
        trail.Clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(begun.IsCompleted || waiting.IsCompleted);
        late = trail.Writer.Record(trail.Event(3)).AsTask();
        trail.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(KmsErrorCode.ServiceUnavailable, (await Assert.ThrowsAsync<KmsException>(() => begun)).Code);
        Assert.Equal(KmsErrorCode.ServiceUnavailable, (await Assert.ThrowsAsync<KmsException>(() => waiting)).Code);
        Assert.False(late.IsCompleted);
        hang.Dispose();
        await late;
        Assert.Equal([1, 3], trail.Numbers());
        Assert.Equal(["The trail's database has not answered for 10 seconds, so calls are refused until it does.", "The trail can be written again."], trail.Log.Lines);
    }

    [Fact]
    public async Task Too_many_that_wait_are_throttled()
    {
        await using var trail = new TestTrail(Home);
        var waiting = new List<Task>();
        using (trail.Hold())
        {
            for (var i = 0; i < 8192; i++) waiting.Add(trail.Writer.Record(trail.Event(i)).AsTask());
            Assert.Equal(KmsErrorCode.Throttled, (await Assert.ThrowsAsync<KmsException>(() => trail.Record(8192))).Code);
        }
        await Task.WhenAll(waiting);
        Assert.Equal(8192, trail.Numbers().Count);
    }

    [Fact]
    public async Task What_is_queued_is_recorded_before_the_writer_ends_and_nothing_after()
    {
        await using var trail = new TestTrail(Home);
        ValueTask ending;
        var all = new List<Task>();
        using (trail.Hold())
        {
            for (var i = 0; i < 600; i++) all.Add(trail.Writer.Record(trail.Event(i)).AsTask());
            ending = trail.Writer.DisposeAsync();
            Assert.Equal(KmsErrorCode.ServiceUnavailable, (await Assert.ThrowsAsync<KmsException>(() => trail.Record(600))).Code);
        }
        await Task.WhenAll(all);
        await ending;
        Assert.Equal(Enumerable.Range(0, 600), trail.Numbers());
    }

    [Fact]
    public async Task A_writer_goes_on_where_another_process_has_written_the_next_block()
    {
        await using var one = new TestTrail(Home);
        await one.Record(0);
        await using var two = new TestTrail(Home);
        for (var i = 1; i < 10; i++) await (i % 3 == 0 ? two : one).Writer.Record(one.Event(i));
        Assert.Equal(Enumerable.Range(0, 10), one.Numbers());
        var blocks = one.Rows("SELECT previous, hash, number FROM kms_trail_block ORDER BY number", row => (Previous: row.GetFieldValue<byte[]>(0), Hash: row.GetFieldValue<byte[]>(1), Number: row.GetInt64(2)));
        Assert.Equal(Enumerable.Range(1, 10), blocks.Select(block => (int)block.Number));
        foreach (var (before, after) in blocks.Zip(blocks.Skip(1))) Assert.Equal(before.Hash, after.Previous);
        Assert.Empty(one.Log.Lines.Concat(two.Log.Lines));
    }

    private static async Task AssertRefused(TestTrail trail, int number) =>
        Assert.Equal(KmsErrorCode.ServiceUnavailable, (await Assert.ThrowsAsync<KmsException>(() => trail.Record(number))).Code);
}
