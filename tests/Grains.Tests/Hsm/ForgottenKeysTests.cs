using Orleans.Kms.Grains.Hsm;

namespace Orleans.Kms.Grains.Tests.Hsm;

public sealed class ForgottenKeysTests
{
    private readonly Guid[] _ids = [Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()];

    [Theory, InlineData(4, false), InlineData(5, true), InlineData(6, true)]
    public void A_key_is_removed_again_until_the_calls_before_it_are_over(long taken, bool isOver)
    {
        var forgotten = new ForgottenKeys(capacity: 2);
        forgotten.Add(_ids[0], until: 5);
        Assert.Equal(Told(_ids[..1], all: 0), Take(forgotten, taken));
        Assert.Equal(isOver, forgotten.IsEmpty);
        Assert.Equal(Told(isOver ? [] : _ids[..1], all: 0), Take(forgotten, taken: 5));
        Assert.True(forgotten.IsEmpty);
    }

    [Theory, InlineData(4, false), InlineData(5, true), InlineData(6, true)]
    public void More_keys_than_it_remembers_are_all_keys(long taken, bool isOver)
    {
        var forgotten = new ForgottenKeys(capacity: 2);
        foreach (var id in _ids) forgotten.Add(id, until: 5);
        Assert.Equal(Told(_ids[..2], all: 1), Take(forgotten, taken));
        Assert.Equal(isOver, forgotten.IsEmpty);
        Assert.Equal(isOver ? Told([], all: 0) : Told(_ids[..2], all: 1), Take(forgotten, taken: 5));
        Assert.True(forgotten.IsEmpty);
    }

    [Fact]
    public void What_was_forgotten_since_is_told_as_far_as_it_is_remembered()
    {
        var forgotten = new ForgottenMeanwhile(capacity: 2);
        forgotten.Add(_ids[0]);
        var then = forgotten.Now;
        Assert.Equal([], forgotten.Since(then)!);
        forgotten.Add(_ids[1]);
        forgotten.Add(_ids[2]);
        Assert.Equal(_ids[1..], forgotten.Since(then)!);
        Assert.Equal(_ids[2..], forgotten.Since(then + 1)!);
        forgotten.Add(_ids[0]);
        Assert.Null(forgotten.Since(then));
    }

    private static string Take(ForgottenKeys forgotten, long taken)
    {
        var (ids, all) = (new List<Guid>(), 0);
        forgotten.Take(taken, ids.Add, () => all++);
        return Told(ids, all);
    }

    private static string Told(IEnumerable<Guid> ids, int all) => $"{string.Join(' ', ids)}, all keys {all} times";
}
