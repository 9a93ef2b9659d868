using Orleans.Kms.Grains.Trail;

namespace Orleans.Kms.Grains.Tests.Trail;

public sealed class LostAnswerTests
{
    [Fact]
    public async Task A_block_that_was_written_although_its_answer_got_lost_is_not_written_again()
    {
        using var home = new SqliteTrail();
        using var source = new LossySource(home.File.ConnectionString);
        await using var trail = new TestTrail(new TrailDatabase(source));
        await trail.Record(1);
        // Of the same segment: a statement alone, which is durable when it has run.
        source.LosesNext = true;
        await trail.Record(2);
        Assert.False(source.LosesNext);
        await trail.Record(3);
        Assert.Equal([1, 2, 3], trail.Numbers());
        Assert.Empty(trail.Log.Lines);
    }

    [Fact]
    public async Task A_block_that_was_undone_is_refused()
    {
        using var home = new SqliteTrail();
        using var source = new LossySource(home.File.ConnectionString);
        await using var trail = new TestTrail(new TrailDatabase(source));
        source.LosesNext = true;
        await Assert.ThrowsAsync<Errors.KmsException>(() => trail.Record(1));
        await trail.Record(2);
        Assert.Equal([2], trail.Numbers());
    }
}
