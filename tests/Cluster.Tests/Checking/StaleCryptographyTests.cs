namespace Orleans.Kms.Cluster.Tests.Checking;

public sealed class StaleCryptographyTests
{
    public static readonly TheoryData<string, string[]> Stale = new()
    {
        { "after a disabling", ["DisableKey 0-1", "Encrypt 2-3"] },
        { "after a scheduled deletion", ["ScheduleKeyDeletion 0-1", "GenerateDataKey 2-3"] },
        { "after the material was deleted", ["DeleteKeyMaterial 0-1", "Decrypt 2-3"] },
        { "long after", ["EnableKey 0-1", "DisableKey 2-3", "Encrypt 4-5 Rejected.Disabled", "Encrypt 100-101"] },
        { "the enabling was over before the disabling", ["EnableKey 0-1", "DisableKey 2-3", "Encrypt 4-5"] },
        { "the enabling came after the use", ["DisableKey 0-1", "Encrypt 2-3", "EnableKey 4-5"] },
        { "the enabling was refused", ["ScheduleKeyDeletion 0-1", "EnableKey 2-3 Rejected.StateModifiedFailed", "Encrypt 4-5"] },
        { "two disablings, of which the later leaves no room", ["DisableKey 0-1", "EnableKey 2-3", "DisableKey 4-5", "Encrypt 6-7"] },
        { "disablings that end in the other order", ["DisableKey 0-9", "EnableKey 1-2", "DisableKey 4-5", "Encrypt 10-11"] },
    };

    public static readonly TheoryData<string, string[]> Fresh = new()
    {
        { "nothing", [] },
        { "the use was sent before the disabling was answered", ["DisableKey 0-5", "Encrypt 4-9"] },
        { "in the moment of the answer", ["DisableKey 0-5", "Encrypt 5-9"] },
        { "an enabling between", ["DisableKey 0-1", "EnableKey 2-3", "Encrypt 4-5"] },
        { "an enabling that overlaps the disabling", ["EnableKey 0-10", "DisableKey 1-2", "Encrypt 11-12"] },
        { "an enabling that overlaps the use", ["DisableKey 0-1", "CancelKeyDeletion 3-9", "Encrypt 2-4"] },
        { "an enabling that was not answered, long before", ["EnableKey 0-?", "DisableKey 2-3", "Encrypt 100-101"] },
        { "a disabling that was not answered", ["DisableKey 0-?", "Encrypt 2-3"] },
        { "a disabling that was refused", ["DisableKey 0-1 Rejected.StateModifiedFailed", "Encrypt 2-3"] },
        { "a refused use", ["DisableKey 0-1", "Encrypt 2-3 Rejected.Disabled"] },
        { "a use that was not answered", ["DisableKey 0-1", "Encrypt 2-?"] },
    };

    [Theory, MemberData(nameof(Stale))]
    public void A_use_after_the_end_of_use_is_found(string what, string[] lines)
    {
        Assert.NotEmpty(what);
        Assert.Single(StaleCryptography.Find(Calls.Of(lines)));
    }

    [Theory, MemberData(nameof(Fresh))]
    public void A_use_that_may_have_been_right_is_none(string what, string[] lines)
    {
        Assert.NotEmpty(what);
        Assert.Empty(StaleCryptography.Find(Calls.Of(lines)));
    }

    [Fact]
    public void Every_stale_use_is_an_unexplained_one()
    {
        var dice = new Dice(13);
        var found = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var calls = RandomHistory.Make(dice, count: 6);
            if (!StaleCryptography.Find(calls).Any()) continue;
            found++;
            Assert.NotNull(Linearizability.FirstUnexplained(KeyPhase.Enabled, calls));
        }
        Assert.True(found > 50, $"{found} were found");
    }
}
