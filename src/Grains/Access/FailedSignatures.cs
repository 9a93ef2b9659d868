using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Access;

/// <summary>
/// The limits on failed authentications with one access key. Who is over them is refused before its signature is looked at, right or wrong; a source that signed rightly before has
/// a budget of its own, so that nobody locks the owner of a key out by failing with it. Not thread safe: it belongs to an access key grain.
/// </summary>
internal sealed class FailedSignatures(FailedSources sources, int perMinute)
{
    // The sources of one key that are remembered; beyond it they begin anew as strangers.
    private const int MaxKnown = 1024;

    private readonly FailureBudget _strangers = new(perMinute);
    private readonly Dictionary<string, FailureBudget> _known = [];

    /// <summary>Refuses requests from a source that is over a limit.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.UserThrottled"/>.</exception>
    public void Check(string source, DateTimeOffset now)
    {
        var isOver = _known.TryGetValue(source, out var own) ? own.IsSpent(now) : _strangers.IsSpent(now) || sources.IsBlocked(source, now);
        if (isOver) throw new KmsException(KmsErrorCode.UserThrottled, "Request was denied due to user flow control. Too many requests failed authentication; try again in a minute.");
    }

    /// <summary>Counts a failure.</summary>
    public void Count(string source, DateTimeOffset now)
    {
        if (_known.TryGetValue(source, out var own)) own.Spend(now);
        else _strangers.Spend(now);
        sources.Count(source, now);
    }

    /// <summary>Remembers a source that signed rightly.</summary>
    public void Know(string source)
    {
        if (_known.ContainsKey(source)) return;
        if (_known.Count >= MaxKnown) _known.Clear();
        _known.Add(source, new(perMinute));
    }
}
