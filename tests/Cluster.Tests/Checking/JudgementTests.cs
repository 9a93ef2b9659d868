using Orleans.Kms.Cluster.Tests.History;

namespace Orleans.Kms.Cluster.Tests.Checking;

public sealed class JudgementTests
{
    private static readonly Dictionary<string, KeyPhase> Keys = new() { ["k"] = KeyPhase.Enabled };

    public static TheoryData<string, int> Mistakes => new()
    {
        { nameof(ViolationKind.NotLinearizable), 1 }, { nameof(ViolationKind.StaleCryptography), 2 }, { nameof(ViolationKind.LostWrite), 3 },
        { nameof(ViolationKind.MissingEvent), 4 }, { nameof(ViolationKind.RepeatedEvent), 5 },
    };

    [Fact]
    public void Nothing_is_wrong_with_a_right_history() => Assert.Empty(Judge(History()));

    [Theory, MemberData(nameof(Mistakes))]
    public void Each_mistake_is_found_and_no_other(string kind, int mistake)
    {
        var calls = History();
        var events = calls.ToDictionary(call => call.RequestId!.Value, _ => new EventCount(1, 0));
        switch (mistake)
        {
            // Nothing had disabled it before.
            case 1: calls[0] = calls[0] with { Outcome = Outcome.Refused, Code = "Rejected.Disabled" }; break;
            case 2: calls[2] = calls[2] with { Outcome = Outcome.Done, Code = "" }; break;
            case 3: calls[^1] = calls[^1] with { Value = "old" }; break;
            case 4: events.Remove(calls[1].RequestId!.Value); break;
            default: events[calls[1].RequestId!.Value] = new(2, 0); break;
        }
        var found = Judgement.Of(calls, Keys, events).Select(violation => violation.Kind).Distinct().Order().ToArray();
        // What is stale cannot be explained either.
        ViolationKind[] expected = mistake == 2 ? [ViolationKind.NotLinearizable, ViolationKind.StaleCryptography] : [Enum.Parse<ViolationKind>(kind)];
        Assert.Equal(expected, found);
    }

    private static IEnumerable<Violation> Judge(Call[] calls) => Judgement.Of(calls, Keys, calls.ToDictionary(call => call.RequestId!.Value, _ => new EventCount(1, 0)));

    private static Call[] History()
    {
        Call[] calls =
        [
            new("Encrypt", "k", 0, 1, Outcome.Done), new("DisableKey", "k", 2, 3, Outcome.Done), new("Encrypt", "k", 4, 5, Outcome.Refused, "Rejected.Disabled"),
            new("DescribeKey", "k", 6, 7, Outcome.Done, Value: "Disabled"),
            new("CreateKey", Subjects.Description("o"), 0, 1, Outcome.Done, Value: "old"), new("UpdateKeyDescription", Subjects.Description("o"), 2, 3, Outcome.Done, Value: "new"),
            new("DescribeKey", Subjects.Description("o"), 8, 9, Outcome.Done, Value: "new"),
        ];
        return [.. calls.Select(call => call with { RequestId = Guid.NewGuid() })];
    }
}
