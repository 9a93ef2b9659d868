using Orleans.Kms.Cluster.Tests.History;

namespace Orleans.Kms.Cluster.Tests.Checking;

/// <summary>Histories of one key that nobody has lived.</summary>
internal static class RandomHistory
{
    /// <summary>Marks calls at the end of <see cref="OfOneKey"/> that were rightly refused.</summary>
    public const string Refused = "refused";

    private static readonly string[] Changes = ["EnableKey", "DisableKey", "ScheduleKeyDeletion", "CancelKeyDeletion", "DeleteKeyMaterial", "ImportKeyMaterial"];
    private static readonly string[] Actions = ["Encrypt", "Encrypt", "DescribeKey", .. Changes];
    private static readonly KeyPhase[] Phases = Enum.GetValues<KeyPhase>();

    /// <summary>A few calls, right or wrong.</summary>
    public static Call[] Make(Dice dice, int count)
    {
        var phase = KeyPhase.Enabled;
        return [.. Enumerable.Range(0, count).Select(place =>
        {
            // Mostly what the phase wants, so that half of the histories are right.
            if (dice.Below(6) == 0) phase = dice.Of(Phases);
            var call = Carry(dice.Of(Actions), ref phase) with { Sent = (10 * place) - dice.Below(30), Answered = (10 * place) + 1 + dice.Below(30) };
            return dice.Below(6) == 0 ? call with { Outcome = Outcome.Unknown, Answered = Call.Never, Code = "" } : call;
        })];
    }

    /// <summary>The history of a key that serves many callers, each one call after the other; right.</summary>
    public static Call[] OfOneKey(Dice dice, int callers, int perCaller, int unanswered)
    {
        var phase = KeyPhase.Enabled;
        var calls = new List<Call>();
        var free = new long[callers];
        for (var moment = 10L; calls.Count < callers * perCaller; moment += 10)
        {
            var caller = dice.Below(callers);
            if (free[caller] > moment) continue;
            var isAnswered = calls.Count % (callers * perCaller / unanswered) != 0;
            var call = Carry(dice.Below(4) == 0 ? dice.Of(Changes) : "Encrypt", ref phase);
            // It happens at the moment, somewhere between its ends.
            var sent = Math.Max(free[caller], moment - dice.Below(60));
            free[caller] = moment + 1 + dice.Below(60);
            calls.Add(call with { Sent = sent, Answered = isAnswered ? free[caller] : Call.Never, Outcome = isAnswered ? call.Outcome : Outcome.Unknown, Code = isAnswered ? call.Code : "" });
        }
        // Then all is quiet. There is more disabling than the enabling that was not answered could undo.
        var end = free.Max() + 100;
        foreach (var action in (string[])["CancelKeyDeletion", "ImportKeyMaterial", .. Enumerable.Repeat<string[]>(["DisableKey", "Encrypt"], unanswered + 1).SelectMany(pair => pair)])
        {
            calls.Add(Carry(action, ref phase) with { Sent = end, Answered = end + 1, Value = action == "Encrypt" ? Refused : null });
            end += 10;
        }
        return [.. calls];
    }

    private static Call Carry(string action, ref KeyPhase phase)
    {
        var call = new Call(action, Calls.Key, 0, 0, Outcome.Done);
        if (action == "DescribeKey") return call with { Value = phase == KeyPhase.PendingDeletionWithoutMaterial ? nameof(KeyPhase.PendingDeletion) : $"{phase}" };
        if (KeyModel.After(phase, call) is { } next)
        {
            phase = next;
            return call;
        }
        var code = KeyModel.IsChange(action) ? "Rejected.StateModifiedFailed" : phase switch
        {
            KeyPhase.Disabled => "Rejected.Disabled",
            KeyPhase.PendingImport => "Rejected.PendingImport",
            _ => "Rejected.PendingDeletion",
        };
        return call with { Outcome = Outcome.Refused, Code = code };
    }
}
