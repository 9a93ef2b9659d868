using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Trail;

namespace Orleans.Kms.Grains.Tests.Trail;

public sealed class SqliteTrailIntentTests() : TrailIntentTests(() => new SqliteTrail());

[Collection(PostgresTests.Name)]
public sealed class PostgresTrailIntentTests(PostgresServer server) : TrailIntentTests(() => new PostgresTrail(server));

public abstract class TrailIntentTests : TrailTests
{
    private const int IsChange = 33;
    private const int Last = -1;

    private readonly Guid _change = Guid.NewGuid();

    private protected TrailIntentTests(Func<ITrailHome> newHome) : base(newHome)
    {
    }

    [Fact]
    public async Task An_intent_is_kept_with_all_that_its_event_is_recorded_with()
    {
        await using var trail = new TestTrail(Home);
        var e = trail.Event(1, change: _change, nonce: new(UInt128.MaxValue - 5, TestTrail.Begin.AddMinutes(15)), terms: [TrailTerm.Of(TrailField.User, "alice"), TrailTerm.Of(TrailField.EventRW, "Write")]);
        await trail.Writer.Intend(new(e, "key/1", TestTrail.Begin.AddMilliseconds(7), Clears: true));
        var kept = Assert.Single(await Left(trail));
        Assert.Equal(("key/1", TestTrail.Begin.AddMilliseconds(7), true, false), (kept.Grain, kept.BegunAt, kept.Clears, kept.TookPlace));
        Assert.Equal((e.AccountId, e.Time, e.Id, e.Change, e.Nonce), (kept.Event.AccountId, kept.Event.Time, kept.Event.Id, kept.Event.Change, kept.Event.Nonce));
        Assert.Equal(e.Json.ToArray(), kept.Event.Json.ToArray());
        Assert.Equal(e.Terms, kept.Event.Terms);
        Assert.Empty(trail.Blocks());
    }

    [Fact]
    public async Task The_intents_of_other_changes_of_the_grain_are_given()
    {
        await using var trail = new TestTrail(Home);
        var other = Guid.NewGuid();
        Assert.Empty(await trail.Writer.Intend(Intent(trail, _change, "key/1")));
        Assert.Empty(await trail.Writer.Intend(Intent(trail, _change, "key/1")));
        Assert.Empty(await trail.Writer.Intend(Intent(trail, _change, "key/2")));
        Assert.Equal([_change], (await trail.Writer.Intend(Intent(trail, other, "key/1"))).Select(intent => intent.Event.Change!.Value));
        Assert.Equal(3, (await Left(trail)).Count);
    }

    [Fact]
    public async Task Recording_the_event_ends_all_intents_of_its_change_and_no_others()
    {
        await using var trail = new TestTrail(Home);
        var other = Guid.NewGuid();
        await trail.Writer.Intend(Intent(trail, _change, "key/1"));
        await trail.Writer.Intend(Intent(trail, _change, "alias/1"));
        await trail.Writer.Intend(Intent(trail, other, "key/1"));
        await trail.Writer.Record(trail.Event(1));
        Assert.Equal(3, (await Left(trail)).Count);
        await trail.Writer.Record(trail.Event(2, change: _change));
        Assert.Equal(other, Assert.Single(await Left(trail)).Event.Change);
        Assert.Equal([1, 2], trail.Numbers());
    }

    [Fact]
    public async Task Completing_records_the_event_once()
    {
        await using var trail = new TestTrail(Home);
        await trail.Writer.Intend(Intent(trail, _change, "key/1"));
        await trail.Writer.Intend(Intent(trail, _change, "alias/1"));
        var all = new List<Task<bool>>();
        using (trail.Hold())
        {
            for (var i = 0; i < 3; i++) all.Add(trail.Writer.Complete(trail.Event(i, change: _change)));
        }
        Assert.Equal(new[] { true, false, false }, await Task.WhenAll(all));
        Assert.False(await trail.Writer.Complete(trail.Event(4, change: _change)));
        Assert.Equal([0], trail.Numbers());
        Assert.Empty(await Left(trail));
    }

    [Fact]
    public async Task Completing_after_recording_and_after_dropping_records_nothing()
    {
        await using var trail = new TestTrail(Home);
        await trail.Writer.Intend(Intent(trail, _change, "key/1"));
        var dropped = Guid.NewGuid();
        await trail.Writer.Intend(Intent(trail, dropped, "key/1"));
        Task<bool> afterRecording, afterDropping;
        using (trail.Hold())
        {
            _ = trail.Writer.Record(trail.Event(1, change: _change)).AsTask();
            afterRecording = trail.Writer.Complete(trail.Event(2, change: _change));
            _ = trail.Writer.Drop(dropped, "key/1");
            afterDropping = trail.Writer.Complete(trail.Event(3, change: dropped));
        }
        Assert.False(await afterRecording);
        Assert.False(await afterDropping);
        Assert.Equal([1], trail.Numbers());
    }

    [Fact]
    public async Task Dropping_removes_the_intent_of_one_grain()
    {
        await using var trail = new TestTrail(Home);
        await trail.Writer.Intend(Intent(trail, _change, "key/1"));
        await trail.Writer.Intend(Intent(trail, _change, "alias/1"));
        await trail.Writer.Drop(_change, "key/1");
        Assert.Equal("alias/1", Assert.Single(await Left(trail)).Grain);
        Assert.True(await trail.Writer.Complete(trail.Event(1, change: _change)));
    }

    [Fact]
    public async Task Confirming_marks_the_intent_of_one_grain()
    {
        await using var trail = new TestTrail(Home);
        await trail.Writer.Intend(Intent(trail, _change, "key/1"));
        await trail.Writer.Intend(Intent(trail, _change, "alias/1"));
        await trail.Writer.Confirm(_change, "key/1");
        Assert.Equal([("alias/1", false), ("key/1", true)], (await Left(trail)).Select(intent => (intent.Grain, intent.TookPlace)).Order());
    }

    // Who found that it was not made had asked a state that another change had written over meanwhile.
    [Fact]
    public async Task A_confirmed_change_is_not_dropped_any_more()
    {
        await using var trail = new TestTrail(Home);
        await trail.Writer.Intend(Intent(trail, _change, "key/1"));
        await trail.Writer.Confirm(_change, "key/1");
        await trail.Writer.Drop(_change, "key/1");
        Assert.True(Assert.Single(await Left(trail)).TookPlace);
    }

    [Fact]
    public async Task Intents_are_there_after_a_restart_and_are_given_by_their_age()
    {
        await using (var trail = new TestTrail(Home))
        {
            await trail.Writer.Intend(Intent(trail, _change, "key/1"));
            trail.Clock.Advance(TimeSpan.FromSeconds(10));
            await trail.Writer.Intend(Intent(trail, Guid.NewGuid(), "key/1"));
        }
        await using var again = new TestTrail(Home);
        Assert.Equal(_change, Assert.Single((await new TrailReader(again.Database).Intents(TestTrail.Begin.AddSeconds(10))).Left).Event.Change);
        Assert.Empty((await new TrailReader(again.Database).Intents(TestTrail.Begin)).Left);
    }

    // Cut off; of another version; with a time or a number of terms that cannot be; of no change; no JSON.
    [Theory, InlineData(0, null), InlineData(1, null), InlineData(40, null), InlineData(int.MaxValue, 0), InlineData(int.MaxValue, 16), InlineData(int.MaxValue, 78), InlineData(int.MaxValue, IsChange), InlineData(int.MaxValue, Last)]
    public async Task What_cannot_be_read_is_counted_and_stays(int length, int? changed)
    {
        await using var trail = new TestTrail(Home);
        await trail.Writer.Intend(Intent(trail, _change, "key/1"));
        var bytes = trail.Rows("SELECT event FROM kms_trail_intent", row => row.GetFieldValue<byte[]>(0)).Single();
        if (changed is { } place) bytes[place == Last ? ^1 : place] = place == IsChange ? (byte)0 : (byte)0x7F;
        await trail.Writer.Execute(command => command.Sql("UPDATE kms_trail_intent SET event = @event", ("@event", bytes[..Math.Min(length, bytes.Length)])).ExecuteNonQuery());
        var other = Guid.NewGuid();
        Assert.Empty(await trail.Writer.Intend(Intent(trail, other, "key/1")));
        var (left, unreadable) = await new TrailReader(trail.Database).Intents(DateTimeOffset.MaxValue);
        Assert.Equal((other, TestTrail.Begin), (Assert.Single(left).Event.Change!.Value, Assert.Single(unreadable)));
    }

    [Fact]
    public async Task Why_a_chain_is_begun_is_announced_with_it()
    {
        await using var trail = new TestTrail(Home);
        await trail.Record(1);
        await trail.Writer.BeginChain(Intent(trail, _change, "") with { TookPlace = true });
        var left = Assert.Single(await Left(trail));
        Assert.Equal((_change, true, 2L), (left.Event.Change!.Value, left.TookPlace, trail.Number("SELECT count(*) FROM kms_trail_chain")));
        Assert.True(await trail.Writer.Complete(left.Event));
        Assert.Equal(2, trail.Number("SELECT max(chain) FROM kms_trail_block"));
    }

    [Fact]
    public async Task What_a_failed_batch_did_to_intents_is_undone()
    {
        await using var trail = new TestTrail(Home);
        await trail.Writer.Intend(Intent(trail, _change, "key/1"));
        trail.Execute("ALTER TABLE kms_trail_block RENAME TO away");
        await Assert.ThrowsAsync<Errors.KmsException>(() => trail.Writer.Record(trail.Event(1, change: _change)).AsTask());
        trail.Execute("ALTER TABLE away RENAME TO kms_trail_block");
        Assert.True(await trail.Writer.Complete(trail.Event(2, change: _change)));
        Assert.Equal([2], trail.Numbers());
    }

    private static TrailIntent Intent(TestTrail trail, Guid change, string grain) => new(trail.Event(0, change: change), grain, trail.Clock.GetUtcNow(), Clears: false);

    private static async Task<IReadOnlyList<TrailIntent>> Left(TestTrail trail) => (await new TrailReader(trail.Database).Intents(DateTimeOffset.MaxValue)).Left;
}
