using Orleans.Kms.Cluster.Tests.History;

namespace Orleans.Kms.Cluster.Tests.Checking;

/// <summary>
/// Whether the answers of one key's calls are those of some order of them in which every call lies between its sending and its answer. Walks along the time with the set of all
/// situations that are possible so far: the key's phase, which of the running calls have happened, and how many of those with an unknown outcome have not.
/// </summary>
internal sealed class Linearizability
{
    private readonly List<Call?> _running = [];
    private readonly List<Call> _unknownKinds = [];
    private ulong _observers;
    private HashSet<Situation> _possible;

    private Linearizability(KeyPhase first) => _possible = [new(first, 0, default)];

    /// <summary>The first call whose answer no order explains; null if all are explained.</summary>
    /// <param name="first">The key's phase before its first call.</param>
    /// <param name="calls">The calls of one key, in any order; those that say nothing of its phase are passed over.</param>
    public static Call? FirstUnexplained(KeyPhase first, IEnumerable<Call> calls)
    {
        var check = new Linearizability(first);
        var relevant = calls.Where(KeyModel.IsAbout).ToArray();
        var moments = relevant.Select(call => (At: call.Sent, IsEnd: false, Call: call))
            .Concat(relevant.Where(call => call.Outcome != Outcome.Unknown).Select(call => (At: call.Answered, IsEnd: true, Call: call)))
            // What begins in the moment in which another call ends is taken to overlap it.
            .OrderBy(moment => moment.At).ThenBy(moment => moment.IsEnd);
        foreach (var (_, isEnd, call) in moments)
        {
            if (isEnd && !check.End(call)) return call;
            if (!isEnd && call.Outcome == Outcome.Unknown) check.BeginUnknown(call);
            if (!isEnd && call.Outcome != Outcome.Unknown) check.Begin(call);
        }
        return null;
    }

    private void Begin(Call call)
    {
        var place = _running.IndexOf(null);
        if (place < 0)
        {
            place = _running.Count;
            if (place == sizeof(ulong) * 8) throw new InvalidOperationException($"More than {place} calls of one key run at once.");
            _running.Add(null);
        }
        _running[place] = call;
        if (!KeyModel.OnlyObserves(call)) return;
        _observers |= 1UL << place;
        _possible = [.. _possible.Select(Observed)];
    }

    // Calls of one action do the same, so it is enough to know how many of them are left.
    private void BeginUnknown(Call call)
    {
        var kind = _unknownKinds.FindIndex(known => known.Action == call.Action);
        if (kind < 0)
        {
            kind = _unknownKinds.Count;
            _unknownKinds.Add(call);
        }
        _possible = [.. _possible.Select(situation => situation with { Left = situation.Left.With(kind, situation.Left[kind] + 1) })];
    }

    private bool End(Call call)
    {
        var place = _running.FindIndex(running => ReferenceEquals(running, call));
        var bit = 1UL << place;
        var seen = new HashSet<Situation>(_possible);
        var open = new Stack<Situation>(_possible);
        var next = new HashSet<Situation>();
        while (open.TryPop(out var situation))
        {
            // What may come after the call may as well come later.
            if ((situation.Happened & bit) != 0) next.Add(situation with { Happened = situation.Happened & ~bit });
            else foreach (var follower in Followers(situation).Where(seen.Add)) open.Push(follower);
        }
        _running[place] = null;
        _observers &= ~bit;
        _possible = WithoutWorse(next);
        return next.Count > 0;
    }

    private IEnumerable<Situation> Followers(Situation situation)
    {
        for (var place = 0; place < _running.Count; place++)
        {
            var bit = 1UL << place;
            if (_running[place] is not { } call || ((situation.Happened | _observers) & bit) != 0 || KeyModel.After(situation.Phase, call) is not { } phase) continue;
            yield return Observed(situation with { Phase = phase, Happened = situation.Happened | bit });
        }
        for (var kind = 0; kind < _unknownKinds.Count; kind++)
        {
            if (situation.Left[kind] == 0 || KeyModel.After(situation.Phase, _unknownKinds[kind]) is not { } phase || phase == situation.Phase) continue;
            yield return Observed(situation with { Phase = phase, Left = situation.Left.With(kind, situation.Left[kind] - 1) });
        }
    }

    // A call that changes nothing in any phase happens as soon as its answer fits: that takes nothing from the others.
    private Situation Observed(Situation situation)
    {
        for (var place = 0; place < _running.Count; place++)
        {
            var bit = 1UL << place;
            if ((_observers & bit) != 0 && (situation.Happened & bit) == 0 && KeyModel.After(situation.Phase, _running[place]!) is not null)
            {
                situation = situation with { Happened = situation.Happened | bit };
            }
        }
        return situation;
    }

    // Of two situations that differ only in what is left of unknown outcomes, the one with more of them can do all that the other can: none of them has to happen.
    private static HashSet<Situation> WithoutWorse(HashSet<Situation> situations) =>
        [.. situations.Where(one => !situations.Any(other => other.Phase == one.Phase && other.Happened == one.Happened && other.Left != one.Left && other.Left.Covers(one.Left)))];

    private readonly record struct Situation(KeyPhase Phase, ulong Happened, Counts Left);
}
