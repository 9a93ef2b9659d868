using Orleans.Kms.Grains.Tests.Ram.Policies;
using Orleans.Kms.Grains.Trail;

namespace Orleans.Kms.Grains.Tests.Trail;

/// <summary>Events and queries of few words, so that they often meet.</summary>
internal sealed class RandomTrail(Dice dice)
{
    private static readonly (TrailField Field, string[] Values)[] Words =
    [
        (TrailField.EventName, ["Encrypt", "Encrypt", "Encrypt", "Decrypt", "CreateKey", "Никогда"]),
        (TrailField.User, ["alice", "alice", "bob", "root", "o'neil+\"x\""]),
        (TrailField.PrincipalId, ["2001", "2002"]),
        (TrailField.EventAccessKeyId, ["LTAIone", "LTAIone", "LTAItwo"]),
        (TrailField.SourceIpAddress, ["192.0.2.1", "192.0.2.11", "Internal"]),
        (TrailField.ResourceName, ["key-1", "key-1", "key-2", "key-12", "alias/a", ""]),
        (TrailField.ServiceName, ["Kms", "Kms", "Kms", "Ram", "Sts"]),
        (TrailField.EventRW, ["Read", "Read", "Read", "Write"]),
        (TrailField.EventType, ["ApiCall", "ApiCall", "ApiCall", "AliyunServiceEvent"]),
        (TrailField.ResourceType, ["ACS::KMS::Key", "ACS::KMS::Key", "ACS::KMS::Alias"]),
        (TrailField.RoleName, ["writer", "reader"]),
    ];

    private static readonly TrailField[] Joined = [TrailField.ResourceName, TrailField.ResourceType];

    private long _now;
    private int _number;

    /// <summary>The next event. Some come late, since their calls took long, and some ids tell nothing of their time.</summary>
    public MadeEvent Event()
    {
        _now += dice.Chance(20) ? dice.Below(8000) : dice.Below(40);
        var time = TestTrail.Begin.AddMilliseconds(_now - (dice.Chance(30) ? dice.Below(20_000) : dice.Below(300)));
        var id = dice.Chance(4) ? Id() : Guid.CreateVersion7(time.AddMilliseconds(dice.Chance(4) ? dice.Below(12_000) - 6000 : 0));
        var values = Words.Where(word => word.Field != TrailField.RoleName).ToDictionary(word => word.Field, word => Joined.Contains(word.Field) && dice.Chance(3) ? [dice.Pick(word.Values), dice.Pick(word.Values)] : new[] { dice.Pick(word.Values) });
        if (dice.Chance(3))
        {
            var role = dice.Pick("writer", "reader");
            values[TrailField.RoleName] = [role];
            values[TrailField.User] = [$"{role}:session"];
        }
        return new(_number++, dice.Chance(5) ? TestTrail.Stranger : TestTrail.Account, time, id, values);
    }

    /// <summary>A query about some of these events.</summary>
    public TrailQuery Query(IReadOnlyList<MadeEvent> events)
    {
        var start = TestTrail.Begin.AddSeconds(-25 + dice.Below((int)(_now / 1000) + 25));
        var (from, to) = dice.Chance(2) ? (TestTrail.Begin.AddDays(-1), TestTrail.Begin.AddDays(1)) : (start, start.AddSeconds(dice.Below(60)));
        var filters = Enumerable.Range(0, dice.Below(3)).Select(_ => Filter(events)).DistinctBy(filter => filter.Field).ToList();
        return new(from, to, dice.Chance(2), filters);
    }

    private (TrailField Field, string Value) Filter(IReadOnlyList<MadeEvent> events)
    {
        if (dice.Chance(4)) return (TrailField.EventId, dice.Pick(events).EventId);
        var (field, values) = dice.Pick(Words);
        return (field, dice.Chance(10) ? "nobody" : dice.Pick(values));
    }

    private Guid Id() => new([.. Enumerable.Range(0, 16).Select(_ => (byte)dice.Below(256))]);
}
