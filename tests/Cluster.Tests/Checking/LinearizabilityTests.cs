using Orleans.Kms.Cluster.Tests.History;

namespace Orleans.Kms.Cluster.Tests.Checking;

public sealed class LinearizabilityTests
{
    public static readonly TheoryData<string, string[]> Right = new()
    {
        { "nothing", [] },
        { "one after the other", ["Encrypt 0-1", "DisableKey 2-3", "Encrypt 4-5 Rejected.Disabled", "EnableKey 6-7", "Encrypt 8-9"] },
        { "a use while the key is disabled succeeds, a later one is refused, a third one succeeds before the disabling was answered", ["DisableKey 0-100", "Encrypt 1-2", "Encrypt 3-4 Rejected.Disabled", "EnableKey 5-6", "Encrypt 7-8"] },
        { "an unanswered disabling takes effect long afterwards", ["DisableKey 0-?", "Encrypt 1-2", "Encrypt 3-4", "Encrypt 5-6 Rejected.Disabled"] },
        { "an unanswered disabling never takes effect", ["DisableKey 0-?", "Encrypt 1-2", "DescribeKey 3-4 =Enabled"] },
        { "an unanswered enabling explains a use after a later disabling", ["DisableKey 0-1", "EnableKey 2-?", "DisableKey 3-4", "Encrypt 5-6"] },
        { "two unanswered enablings explain two uses", ["EnableKey 0-?", "EnableKey 1-?", "DisableKey 2-3", "Encrypt 4-5", "DisableKey 6-7", "Encrypt 8-9"] },
        { "what begins when another call ends overlaps it", ["DisableKey 0-5", "Encrypt 5-9"] },
        { "an enabling that would change nothing is kept for later", ["EnableKey 0-100", "DisableKey 1-2", "Encrypt 3-4"] },
        { "changes that overlap in either order", ["DisableKey 0-10", "ScheduleKeyDeletion 0-10", "CancelKeyDeletion 11-12", "Encrypt 13-14"] },
        { "refused changes of others' states", ["ScheduleKeyDeletion 0-1", "EnableKey 2-3 Rejected.StateModifiedFailed", "ScheduleKeyDeletion 4-5 Rejected.StateModifiedFailed", "CancelKeyDeletion 6-7", "CancelKeyDeletion 8-9 Rejected.StateModifiedFailed"] },
        { "material that was deleted while the key waited for its deletion", ["ScheduleKeyDeletion 0-1", "DeleteKeyMaterial 2-3", "Encrypt 4-5 Rejected.PendingDeletion", "CancelKeyDeletion 6-7", "Encrypt 8-9 Rejected.PendingImport", "ImportKeyMaterial 10-11", "Encrypt 12-13"] },
        { "a disabled key stays disabled when its material is renewed", ["DisableKey 0-1", "ImportKeyMaterial 2-3", "Encrypt 4-5 Rejected.Disabled"] },
        { "throttled calls tell nothing", ["DisableKey 0-1", "Encrypt 2-3 Rejected.Throttling", "EnableKey 4-5 Throttling.User", "DescribeKey 6-7 =Disabled"] },
        { "an unanswered use tells nothing", ["DisableKey 0-1", "Encrypt 2-?", "DescribeKey 3-4 =Disabled"] },
    };

    public static readonly TheoryData<string, string, string[]> Wrong = new()
    {
        { "a use after a disabling", "Encrypt 2", ["DisableKey 0-1", "Encrypt 2-3"] },
        { "a use after a scheduled deletion", "GenerateDataKey 2", ["ScheduleKeyDeletion 0-1", "GenerateDataKey 2-3"] },
        { "a use after the material was deleted", "Decrypt 2", ["DeleteKeyMaterial 0-1", "Decrypt 2-3"] },
        { "a refusal of an enabled key", "Encrypt 0", ["Encrypt 0-1 Rejected.Disabled", "DisableKey 2-3"] },
        { "a refusal, though the disabling was undone before", "Encrypt 4", ["DisableKey 0-1", "EnableKey 2-3", "Encrypt 4-5 Rejected.Disabled"] },
        { "back and forth within one disabling", "Encrypt 5", ["DisableKey 0-100", "Encrypt 1-2", "Encrypt 3-4 Rejected.Disabled", "Encrypt 5-6"] },
        { "a lost disabling", "DescribeKey 2", ["DisableKey 0-1", "DescribeKey 2-3 =Enabled"] },
        { "the wrong reason", "Encrypt 2", ["DisableKey 0-1", "Encrypt 2-3 Rejected.PendingDeletion"] },
        { "one unanswered enabling for two uses", "Encrypt 8", ["EnableKey 0-?", "DisableKey 2-3", "Encrypt 4-5", "DisableKey 6-7", "Encrypt 8-9"] },
        { "an unanswered disabling that explains the refusal, but not the use after it", "Encrypt 3", ["DisableKey 0-?", "Encrypt 1-2 Rejected.Disabled", "Encrypt 3-4"] },
        { "a change that no state allows", "EnableKey 2", ["ScheduleKeyDeletion 0-1", "EnableKey 2-3"] },
        { "a refusal of what the state allows", "EnableKey 2", ["DisableKey 0-1", "EnableKey 2-3 Rejected.StateModifiedFailed"] },
        { "a change that was carried out and answered with a refusal", "ScheduleKeyDeletion 0", ["ScheduleKeyDeletion 0-1 Rejected.StateModifiedFailed", "DescribeKey 2-3 =PendingDeletion"] },
        { "a key that is gone", "DescribeKey 0", ["DescribeKey 0-1 Forbidden.KeyNotFound"] },
        { "material that came back by itself", "Encrypt 4", ["ScheduleKeyDeletion 0-1", "DeleteKeyMaterial 1-2", "CancelKeyDeletion 3-4", "Encrypt 5-6"] },
        { "an unanswered call before it was sent", "Encrypt 2", ["DisableKey 0-1", "Encrypt 2-3", "EnableKey 4-?"] },
    };

    [Theory, MemberData(nameof(Right))]
    public void A_history_that_some_order_explains_is_accepted(string what, string[] lines)
    {
        Assert.NotEmpty(what);
        Assert.Null(Linearizability.FirstUnexplained(KeyPhase.Enabled, Calls.Of(lines)));
    }

    [Theory, MemberData(nameof(Wrong))]
    public void A_history_that_no_order_explains_is_found(string what, string culprit, string[] lines)
    {
        Assert.NotEmpty(what);
        var found = Linearizability.FirstUnexplained(KeyPhase.Enabled, Calls.Of(lines));
        Assert.NotNull(found);
        Assert.Equal(culprit.Split(' ')[0], found.Action);
    }

    [Fact]
    public void A_key_that_waits_for_its_material_begins_so() =>
        Assert.Null(Linearizability.FirstUnexplained(KeyPhase.PendingImport, Calls.Of("Encrypt 0-1 Rejected.PendingImport", "ImportKeyMaterial 2-3", "Encrypt 4-5")));

    [Fact]
    public void It_finds_what_trying_every_order_finds()
    {
        var dice = new Dice(7);
        var (accepted, refused) = (0, 0);
        for (var round = 0; round < 4000; round++)
        {
            var calls = RandomHistory.Make(dice, count: 6);
            var isRight = EveryOrder.Explains(KeyPhase.Enabled, calls);
            var found = Linearizability.FirstUnexplained(KeyPhase.Enabled, calls);
            Assert.True(isRight == found is null, string.Join('\n', calls.Select(call => call.ToString())));
            if (isRight) accepted++;
            else refused++;
        }
        Assert.True(accepted > 400 && refused > 400, $"{accepted} accepted, {refused} refused");
    }

    [Fact]
    public void A_long_history_of_many_callers_takes_no_long_time()
    {
        var calls = RandomHistory.OfOneKey(new Dice(11), callers: 12, perCaller: 2000, unanswered: 12);
        Assert.Null(Linearizability.FirstUnexplained(KeyPhase.Enabled, calls));
        Assert.Empty(StaleCryptography.Find(calls));
        var refused = calls.Where(call => call.Value == RandomHistory.Refused).ToArray();
        Assert.NotNull(Linearizability.FirstUnexplained(KeyPhase.Enabled, [.. calls.Except(refused), .. refused.Select(call => call with { Outcome = Outcome.Done, Code = "" })]));
    }
}
