namespace Orleans.Kms.Grains.Hsm;

/// <summary>
/// Keys that were forgotten while calls were on their way from one token to another: such a call may unwrap its key on a lane that has forgotten it already, so there it is
/// forgotten once more when the call has ended.
/// </summary>
internal sealed class ForgottenMeanwhile
{
    private readonly Lock _lock = new();
    private readonly HashSet<Guid> _ids = [];
    private int _away;

    public void Add(Guid keyVersionId)
    {
        if (Volatile.Read(ref _away) == 0) return;
        lock (_lock)
        {
            if (_away > 0) _ids.Add(keyVersionId);
        }
    }

    /// <summary>A call goes on its way, until disposed of.</summary>
    public IDisposable Away(HsmLane[] lanes)
    {
        lock (_lock) _away++;
        return new Journey(this, lanes);
    }

    private Guid[] Return()
    {
        lock (_lock)
        {
            _away--;
            var ids = _ids.ToArray();
            if (_away == 0) _ids.Clear();
            return ids;
        }
    }

    private sealed class Journey(ForgottenMeanwhile forgotten, HsmLane[] lanes) : IDisposable
    {
        public void Dispose()
        {
            foreach (var id in forgotten.Return())
            {
                foreach (var lane in lanes) lane.ForgetLater(id);
            }
        }
    }
}
