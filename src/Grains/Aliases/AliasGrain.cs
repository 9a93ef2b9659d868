using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Kms.Aliases;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Keys;
using Orleans.Kms.Grains.Quotas;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Keys;

namespace Orleans.Kms.Grains.Aliases;

/// <summary>One alias. Changes do not interleave, so of several callers that make one name exactly one succeeds.</summary>
internal sealed partial class AliasGrain(
    [PersistentState("alias", StorageNames.Grains)] IPersistentState<AliasRecord> stored,
    AliasIndex index, MemberCheck members, SiloPass pass, Changes changes, IOptions<KmsOptions> options, TimeProvider clock, ILogger<AliasGrain> logger)
    : Grain, IAliasGrain, IAliasServiceGrain, IChangingGrain
{
    private AliasRecord? _record;
    private Guid? _removed;
    private bool _outOfStep;
    private string _accountId = "";
    private string _name = "";
    private ShortLife? _absence;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (!AliasName.TryParseGrainKey(this.GetPrimaryKeyString(), out var accountId, out var name)) throw KmsException.InvalidParameter("AliasName");
        (_accountId, _name) = (accountId, name);
        _record = stored.RecordExists ? stored.State : null;
        return Task.CompletedTask;
    }

    /// <summary>The alias' name.</summary>
    public string Name => _name;

    /// <summary>The CMK that the alias points to; fails if there is no such alias.</summary>
    public Guid Target => Require().KeyId;

    /// <summary>The CMK that the alias points to, or pointed to before it was removed; null if nothing is known of any.</summary>
    public Guid? LastTarget => _record?.KeyId ?? _removed;

    public async ValueTask<Guid> Resolve()
    {
        // It has no event, without which a silo that is no member any more answers nothing.
        await members.Require();
        return Require().KeyId;
    }

    public async Task Create(Guid keyId)
    {
        RequireInStep();
        // It may be refused.
        if (_record is null) EndSoon();
        await Key(keyId).Require(KeyOperation.CreateAlias);
        if (_record is not null) throw new KmsException(KmsErrorCode.AliasAlreadyExists);
        if (!await index.Announce(_accountId, _name, keyId, clock.GetUtcNow(), Quota.Of(options.Value.Quotas, _accountId))) throw KmsException.LimitExceeded("aliases");
        await Save(new() { KeyId = keyId });
    }

    public async Task Update(Guid keyId)
    {
        Require();
        await Key(keyId).Require(KeyOperation.UpdateAlias);
        await index.Touch(_accountId, _name, clock.GetUtcNow());
        await Save(new() { KeyId = keyId });
    }

    public async Task Delete()
    {
        Require();
        await index.Touch(_accountId, _name, clock.GetUtcNow());
        await Clear(ChangeDraft.Current);
    }

    public Task<bool> TookPlace(Guid change, bool clears)
    {
        RequireInStep();
        return Task.FromResult(clears ? _record is null : _record?.Change == change);
    }

    public async Task<bool> Settle()
    {
        RequireInStep();
        if (_record is not null) await index.Put(_accountId, _name, _record.KeyId);
        else await index.Remove(_accountId, _name);
        if (_record is null) EndSoon();
        return _record is not null;
    }

    public async Task Drop(Guid keyId)
    {
        RequireInStep();
        if (_record?.KeyId == keyId) await Clear(null);
        else await Settle();
    }

    private IKeyServiceGrain Key(Guid keyId)
    {
        pass.Attach();
        return GrainFactory.GetGrain<IKeyServiceGrain>(KeyId.GrainKey(_accountId, keyId));
    }

    private void RequireInStep()
    {
        if (_outOfStep) throw new KmsException(KmsErrorCode.ServiceUnavailable);
    }

    private AliasRecord Require()
    {
        RequireInStep();
        if (_record is not null) return _record;
        EndSoon();
        throw new KmsException(KmsErrorCode.AliasNotFound);
    }

    private async Task Save(AliasRecord next)
    {
        next = next with { Change = await Announce(ChangeDraft.Current, clears: false) ?? _record?.Change };
        stored.State = next;
        await Store(stored.WriteStateAsync);
        _record = next;
        await Reflect();
    }

    private Task<Guid?> Announce(ChangeDraft? change, bool clears) => changes.Announce(change, this.GetGrainId(), clears, TookPlace);

    private async Task Clear(ChangeDraft? change)
    {
        await Announce(change, clears: true);
        await Store(stored.ClearStateAsync);
        (_removed, _record) = (_record?.KeyId, null);
        await Reflect();
    }

    private void EndSoon() => (_absence ??= new(this, () => _record is not null)).Begin();

    // After a failed write nobody knows whether it landed: this activation refuses everything, and the next one reads again.
    private async Task Store(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (Exception e)
        {
            _outOfStep = true;
            DeactivateOnIdle();
            LogNotSaved(logger, _name, e);
            throw new KmsException(KmsErrorCode.ServiceUnavailable);
        }
    }

    // The change is durable: a row that cannot be put right now stays touched, and is settled before a list shows it.
    private async Task Reflect()
    {
        try { await Settle(); }
        catch (KmsException e) { LogNotReflected(logger, _name, e.Code); }
    }

    [LoggerMessage(1, LogLevel.Error, "The state of {Alias} could not be saved.")]
    private static partial void LogNotSaved(ILogger logger, string alias, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "The index row of {Alias} is out of date until the next repair: {Code}")]
    private static partial void LogNotReflected(ILogger logger, string alias, KmsErrorCode code);
}
