using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Ram;

namespace Orleans.Kms.Grains.Access;

/// <summary>
/// What this silo knows of the access keys that call, so that a call costs one look into memory. What is known counts until it is forgotten, and a change of an account makes every
/// silo forget before it is made durable, see <see cref="RightsNotice"/>: what is asked for after that waits for the change.
/// </summary>
internal sealed class RightsCache(IGrainFactory grains, SiloPass pass)
{
    // Some hundred bytes to some KB each. Sessions come and go, so it may fill up; then all is asked for anew.
    private const int MaxEntries = 16384;

    // A character of a document takes 13 bytes at most once it is compiled, and an identity may have 200,000: without a limit few sessions would fill the memory.
    private const int MaxCharacters = 16 * 1024 * 1024;

    private static readonly TimeSpan NamePatience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Entry> _entries = new();
    // Read since all was forgotten; what was forgotten since then is counted on, which only makes that happen sooner.
    private long _characters;

    /// <summary>How many access keys are known.</summary>
    public int Count => _entries.Count;

    /// <summary>What is known of the caller's access key.</summary>
    public bool TryGet(Caller caller, [NotNullWhen(true)] out Rights? rights)
    {
        rights = _entries.TryGetValue(caller.AccessKeyId, out var entry) && entry.Rights.Task is { IsCompletedSuccessfully: true } known ? known.Result : null;
        return rights is not null;
    }

    /// <summary>Finds out what the caller's access key stands for.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.ServiceUnavailable"/>.</exception>
    public Task<Rights> Find(Caller caller)
    {
        if (_entries.Count >= MaxEntries || Interlocked.Read(ref _characters) >= MaxCharacters) Clear();
        var mine = new Entry(caller.AccountId, new(TaskCreationOptions.RunContinuationsAsynchronously));
        var entry = _entries.GetOrAdd(caller.AccessKeyId, mine);
        // Apart from the grain whose call this is: its end would be that of all who wait.
        if (entry == mine) _ = Task.Run(() => Fill(caller, mine));
        return entry.Rights.Task;
    }

    /// <summary>
    /// What the trail tells of a caller that was not let in: nothing but the name of the user or role counts in it. Null if there is none, or it cannot be found out in a moment: then the
    /// id is told.
    /// </summary>
    public async Task<Rights?> Named(Caller caller)
    {
        if (TryGet(caller, out var known) && known.Name.Length > 0) return known;
        if (caller.UserId is null && caller.Session is null) return null;
        try
        {
            return await Task.Run(() => Identity(caller)).WaitAsync(NamePatience) is { } identity ? Rights.None(() => new(KmsErrorCode.NotAuthenticated), identity.Name) : null;
        }
        catch (Exception e) when (e is KmsException or TimeoutException or OrleansException) { return null; }
    }

    /// <summary>Forgets what is known of an account's access keys; who waits for an answer now gets it, who asks from now on asks anew.</summary>
    public void Forget(string accountId)
    {
        foreach (var entry in _entries)
        {
            if (entry.Value.AccountId == accountId) _entries.TryRemove(entry);
        }
    }

    private void Clear()
    {
        _entries.Clear();
        Interlocked.Exchange(ref _characters, 0);
    }

    private async Task Fill(Caller caller, Entry entry)
    {
        try
        {
            pass.Attach();
            var rights = await (caller.Session is { } session ? OfSession(caller, session) : OfKey(caller));
            Interlocked.Add(ref _characters, rights.Characters);
            entry.Rights.SetResult(rights);
        }
        catch (Exception e)
        {
            _entries.TryRemove(new(caller.AccessKeyId, entry));
            entry.Rights.SetException(e);
        }
    }

    private Task<IdentityPolicies?> Identity(Caller caller)
    {
        pass.Attach();
        var ram = grains.GetGrain<IRamServiceGrain>(caller.AccountId);
        return caller.Session is { } session ? ram.PoliciesOfRole(session.RoleId) : ram.PoliciesOfUser(caller.UserId!);
    }

    // The account's grain first, for it waits for a change that is being made; the access key's state is read after that.
    private async Task<Rights> OfKey(Caller caller)
    {
        var ram = grains.GetGrain<IRamServiceGrain>(caller.AccountId);
        IdentityPolicies? user = null;
        if (caller.UserId is null) await ram.AwaitChange();
        else user = await ram.PoliciesOfUser(caller.UserId);
        var key = await grains.GetGrain<IAccessKeyServiceGrain>(caller.AccessKeyId).State();
        if (key is null || (caller.UserId is not null && user is null)) return Rights.None(() => new(KmsErrorCode.AccessKeyNotFound));
        if (!key.IsActive) return Rights.None(() => new(KmsErrorCode.AccessKeyInactive), user?.Name ?? "");
        return user is null ? Rights.OfRoot(caller.AccountId) : Rights.OfUser(caller.AccountId, user);
    }

    private async Task<Rights> OfSession(Caller caller, RoleSession session) =>
        await grains.GetGrain<IRamServiceGrain>(caller.AccountId).PoliciesOfRole(session.RoleId) is { } role
            ? Rights.OfSession(caller.AccountId, role, session.Policy)
            : Rights.None(() => new(KmsErrorCode.InvalidSecurityToken, "The specified SecurityToken is expired: its role is no more.") { Subject = "Expired" });

    private sealed record Entry(string AccountId, TaskCompletionSource<Rights> Rights);
}
