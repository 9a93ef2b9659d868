using Orleans.Kms.Cluster.Tests.History;

namespace Orleans.Kms.Cluster.Tests.Checking;

public sealed class TrailTests
{
    [Theory]
    [InlineData(nameof(Outcome.Done), 0, 0, true, false), InlineData(nameof(Outcome.Done), 1, 0, false, false), InlineData(nameof(Outcome.Done), 0, 1, false, false)]
    [InlineData(nameof(Outcome.Done), 2, 0, false, true), InlineData(nameof(Outcome.Done), 1, 1, false, true)]
    [InlineData(nameof(Outcome.Refused), 0, 0, true, false), InlineData(nameof(Outcome.Refused), 1, 0, false, false), InlineData(nameof(Outcome.Refused), 1, 1, false, true)]
    [InlineData(nameof(Outcome.Unknown), 0, 0, false, false), InlineData(nameof(Outcome.Unknown), 1, 0, false, false), InlineData(nameof(Outcome.Unknown), 0, 1, false, false)]
    [InlineData(nameof(Outcome.Unknown), 1, 1, false, false), InlineData(nameof(Outcome.Unknown), 2, 0, false, true), InlineData(nameof(Outcome.Unknown), 0, 2, false, true)]
    public void Each_answered_call_has_one_event(string outcome, int recorded, int recovered, bool isMissing, bool isRepeated)
    {
        var id = Guid.NewGuid();
        var call = new Call("CreateKey", Calls.Key, 0, 1, Enum.Parse<Outcome>(outcome), RequestId: id);
        var (missing, repeated) = Trail.Compare([call], new Dictionary<Guid, EventCount> { [id] = new(recorded, recovered) });
        Assert.Equal((isMissing, isRepeated), (missing.Count == 1, repeated.Count == 1));
    }

    [Theory, InlineData(0, null, 0, 0, 1), InlineData(0, "Forbidden", 1, 0, 0), InlineData(1, null, 1, 0, 1), InlineData(2, null, 2, 0, 1)]
    public void Whether_the_request_is_genuine_may_have_been_asked_twice(int recorded, string? errorCode, int all, int recovered, int askedAgain)
    {
        var count = new EventCount(recorded, 0).With(isRecovered: false, errorCode ?? "SignatureNonceUsed");
        Assert.Equal((all, recovered, askedAgain), (count.All, count.Recovered, count.AskedAgain));
        var id = Guid.NewGuid();
        var (missing, repeated) = Trail.Compare([new Call("CreateKey", Calls.Key, 0, 1, Outcome.Done, RequestId: id)], new Dictionary<Guid, EventCount> { [id] = count });
        Assert.Equal((0, all > 1), (missing.Count, repeated.Count == 1));
    }

    [Fact]
    public void A_call_that_was_not_answered_is_not_looked_for()
    {
        var (missing, repeated) = Trail.Compare([new("Encrypt", Calls.Key, 0, Call.Never, Outcome.Unknown)], new Dictionary<Guid, EventCount>());
        Assert.Empty(missing);
        Assert.Empty(repeated);
    }

    [Theory, InlineData(0, true), InlineData(1, false), InlineData(2, false)]
    public void What_changes_nothing_has_one_for_each_time_it_was_carried_out(int events, bool isMissing)
    {
        var id = Guid.NewGuid();
        var (missing, repeated) = Trail.Compare([new Call("Encrypt", Calls.Key, 0, 1, Outcome.Done, RequestId: id)], new Dictionary<Guid, EventCount> { [id] = new(events, 0) });
        Assert.Equal(isMissing, missing.Count == 1);
        Assert.Empty(repeated);
    }
}
