using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Trail;

namespace Orleans.Kms.Grains.Tests.Trail;

public sealed class SqliteTrailNonceTests() : TrailNonceTests(() => new SqliteTrail());

[Collection(PostgresTests.Name)]
public sealed class PostgresTrailNonceTests(PostgresServer server) : TrailNonceTests(() => new PostgresTrail(server));

public abstract class TrailNonceTests : TrailTests
{
    private static readonly DateTimeOffset Expiry = TestTrail.Begin.AddMinutes(15);

    private protected TrailNonceTests(Func<ITrailHome> newHome) : base(newHome)
    {
    }

    [Fact]
    public async Task The_nonces_of_an_access_key_are_those_of_its_events_and_intents()
    {
        await using var trail = new TestTrail(Home);
        await trail.Writer.Record(Event(trail, "one", 1));
        var both = new List<Task>();
        using (trail.Hold())
        {
            both.Add(trail.Writer.Record(Event(trail, "one", 2)).AsTask());
            both.Add(trail.Writer.Record(Event(trail, "two", 3)).AsTask());
            both.Add(trail.Writer.Record(trail.Event(0, terms: Term("one"))).AsTask());
        }
        await Task.WhenAll(both);
        await trail.Writer.Intend(new(Event(trail, "one", 4, Guid.NewGuid()), "key/1", TestTrail.Begin, Clears: false));
        var found = await new TrailReader(trail.Database).Nonces("one", TestTrail.Account, TestTrail.Begin, 100);
        Assert.Equal([Nonce(1), Nonce(2), Nonce(4)], found.Nonces.OrderBy(nonce => nonce.Hash));
        Assert.True(found.IsComplete);
        Assert.Equal([Nonce(3)], (await new TrailReader(trail.Database).Nonces("two", TestTrail.Account, TestTrail.Begin, 100)).Nonces);
        Assert.Empty((await new TrailReader(trail.Database).Nonces("two", TestTrail.Stranger, TestTrail.Begin, 100)).Nonces);
    }

    [Fact]
    public async Task Those_of_long_ago_are_left_out_and_too_many_are_said_to_be()
    {
        await using var trail = new TestTrail(Home);
        for (var i = 0; i < 10; i++)
        {
            await trail.Writer.Record(Event(trail, "one", i));
            trail.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        var reader = new TrailReader(trail.Database);
        Assert.Equal(Enumerable.Range(5, 5).Select(Nonce), (await reader.Nonces("one", TestTrail.Account, TestTrail.Begin.AddMinutes(5), 100)).Nonces.OrderBy(nonce => nonce.Hash));
        Assert.True((await reader.Nonces("one", TestTrail.Account, TestTrail.Begin, 10)).IsComplete);
        var some = await reader.Nonces("one", TestTrail.Account, TestTrail.Begin, 9);
        Assert.False(some.IsComplete);
        Assert.Contains(Nonce(9), some.Nonces);
    }

    [Fact]
    public async Task The_trail_knows_all_requests_since_the_last_chain_that_replaced_another()
    {
        await using (var trail = new TestTrail(Home, name: "one"))
        {
            await trail.Record(1);
            Assert.Equal(TestTrail.Begin, await Since(trail));
            trail.Clock.Advance(TimeSpan.FromSeconds(10.5));
            await using (var other = new TestTrail(Home, trail.Clock, "two")) await other.Record(1);
            Assert.Equal(TestTrail.Begin, await Since(trail));
            await trail.Writer.BeginChain();
            Assert.Equal(TestTrail.Begin.AddSeconds(10), await Since(trail));
        }
    }

    [Fact]
    public async Task Of_what_came_before_an_intent_that_cannot_be_read_it_does_not_know_all()
    {
        await using var trail = new TestTrail(Home);
        await trail.Record(1);
        trail.Clock.Advance(TimeSpan.FromSeconds(20));
        await trail.Writer.Intend(new(Event(trail, "one", 1, Guid.NewGuid()), "key/1", trail.Clock.GetUtcNow(), Clears: false));
        Assert.Equal(TestTrail.Begin, await Since(trail));
        await trail.Writer.Execute(command => command.Sql("UPDATE kms_trail_intent SET event = @event", ("@event", new byte[] { 9 })).ExecuteNonQuery());
        Assert.Equal(TestTrail.Begin.AddSeconds(20), await Since(trail));
    }

    [Fact]
    public async Task Without_a_chain_it_knows_of_no_time()
    {
        using var source = Home.Source();
        Assert.Equal(DateTimeOffset.MaxValue, (await new TrailReader(new(source)).Nonces("one", TestTrail.Account, TestTrail.Begin, 10)).Since);
    }

    private static async Task<DateTimeOffset> Since(TestTrail trail) => (await new TrailReader(trail.Database).Nonces("one", TestTrail.Account, TestTrail.Begin, 10)).Since;

    private static TrailEvent Event(TestTrail trail, string accessKey, int nonce, Guid? change = null) => trail.Event(0, change: change, nonce: Nonce(nonce), terms: Term(accessKey));

    private static TrailTerm Term(string accessKey) => TrailTerm.Of(TrailField.EventAccessKeyId, accessKey);

    private static UsedNonce Nonce(int number) => new((UInt128)number << 70, Expiry.AddSeconds(number));
}
