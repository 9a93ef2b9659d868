using Orleans.Kms.Grains.Tests.Ram.Policies;
using Orleans.Kms.Grains.Trail;

namespace Orleans.Kms.Grains.Tests.Trail.Proof;

/// <summary>What kms-admin trail verify finds where events are as they were written, and somebody has hidden them from lookups.</summary>
[Collection(TokenTests.Name)]
public sealed class IndexTests(TokenFixture token) : IAsyncLifetime
{
    private const string Whole = "Everything is as it was written.";

    private readonly string _folder = token.NewFolder();

    // Segments of several blocks: the writer's clock stands still for some events at a time.
    public async Task InitializeAsync()
    {
        await using var trail = await ProvenTrail.Start(token, _folder);
        var random = new RandomTrail(new Dice(5));
        for (var i = 0; i < 60; i++)
        {
            if (i % 20 == 0) trail.Kms.Clock.Advance(TimeSpan.FromSeconds(2));
            await trail.Writer.Record(random.Event().ToEvent());
        }
        await trail.Sign();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public void Lookups_find_all_of_a_trail_that_nobody_changed() => Assert.Contains(Whole, Copy().Verify(), StringComparison.Ordinal);

    // Of ids, see below: the one that is removed may be one that is found by its time all the same.
    public static TheoryData<int> Fields => [.. Enumerable.Range(0, 13).Where(number => number != (int)TrailField.EventId)];

    [Theory, MemberData(nameof(Fields))]
    public void An_entry_of_the_index_that_is_missing_is_found(int field)
    {
        var copy = Copy();
        Assert.Equal(1, copy.Sql(
            $"""
            DELETE FROM kms_trail_index WHERE (account_id, field, value, time, chain, segment)
            = (SELECT account_id, field, value, time, chain, segment FROM kms_trail_index WHERE field = {field} LIMIT 1)
            """));
        Hides(copy, $"by their {(TrailField)field}");
    }

    [Theory]
    [InlineData("DELETE FROM kms_trail_index WHERE field = 7", "by their EventId")]
    [InlineData("UPDATE kms_trail_index SET time = time + 1 WHERE field = 0", "by their All")]
    [InlineData("UPDATE kms_trail_block SET segment = segment - 1 WHERE number = (SELECT MAX(number) FROM kms_trail_block WHERE number <> segment)", "by their segment")]
    [InlineData("UPDATE kms_trail_block SET segment = -7", "by their segment")]
    [InlineData("UPDATE kms_trail_block SET time = time + 1000 WHERE number = (SELECT MAX(number) FROM kms_trail_block WHERE number <> segment)", "by their time")]
    [InlineData("UPDATE kms_trail_block SET time = time - 3600000; UPDATE kms_trail_index SET time = time - 3600000", "by their segment")]
    public void What_leads_to_other_blocks_or_times_is_found(string sql, string what)
    {
        var copy = Copy();
        Assert.True(copy.Sql(sql) > 0);
        Hides(copy, what);
    }

    private static void Hides(TrailCopy copy, string what)
    {
        var said = copy.Verify();
        Assert.Contains($"its events are those that were written, but lookups do not find all of them {what}", said, StringComparison.Ordinal);
        Assert.DoesNotContain(Whole, said, StringComparison.Ordinal);
    }

    private TrailCopy Copy() => new(_folder, token.NewFolder(), token.Options);
}
