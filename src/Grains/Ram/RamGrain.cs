using System.Data;
using System.Data.Common;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Trail;
using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Ram;

/// <summary>
/// RAM of one account. Holds nothing: what is true is in the tables. One activation makes one change at a time: it checks, makes all silos forget the rights that they know, and commits;
/// who asks for rights meanwhile waits, so that nobody learns the old ones after they were forgotten.
/// </summary>
[Reentrant]
internal sealed partial class RamGrain(
    DbDataSource database, BatchWriter writer, RightsNotice notice, CallerTokenSeal callers, SiloPass pass, Changes changes, IOptions<KmsOptions> options, TimeProvider clock)
    : Grain, IRamUsersGrain, IRamGroupsGrain, IRamRolesGrain, IRamPoliciesGrain, IRamServiceGrain, IChangingGrain
{
    private readonly ChangeGate _gate = new(clock);

    private string AccountId => this.GetPrimaryKeyString();

    private RamOptions Limits => options.Value.Ram;

    // As it is stored, in whole milliseconds.
    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());

    public Task<bool> TookPlace(Guid change, bool clears) => _gate.Pass(() => Read(command => ChangeTable.Contains(command, change)));

    /// <summary>Makes a change that gives nobody other rights than before.</summary>
    /// <param name="check">Looks whether it may be made, and fails if not; gives what makes it.</param>
    private Task<T> Change<T>(Func<DbCommand, Func<DbCommand, T>> check) => _gate.Pass(() => Commit(check, withdraws: false));

    /// <inheritdoc cref="Change{T}"/>
    private Task<bool> Change(Func<DbCommand, Action<DbCommand>> check) => Change(WithoutResult(check));

    /// <summary>Makes a change that may give somebody other rights than before.</summary>
    /// <inheritdoc cref="Change{T}"/>
    private Task<T> ChangeRights<T>(Func<DbCommand, Func<DbCommand, T>> check) => _gate.Pass(() => Withdraw(check));

    /// <inheritdoc cref="ChangeRights{T}"/>
    private Task<bool> ChangeRights(Func<DbCommand, Action<DbCommand>> check) => ChangeRights(WithoutResult(check));

    private Task<T> Withdraw<T>(Func<DbCommand, Func<DbCommand, T>> check) => Commit(check, withdraws: true);

    // In the turn of the change. What is refused anyway is not announced, and should not cost the silos what they know.
    private async Task<T> Commit<T>(Func<DbCommand, Func<DbCommand, T>> check, bool withdraws)
    {
        var draft = ChangeDraft.Current;
        if (withdraws || draft is not null) await Try(check);
        await changes.Announce(draft, this.GetGrainId(), clears: false, (change, _) => Read(command => ChangeTable.Contains(command, change)));
        if (withdraws) await notice.Forget(AccountId);
        return await Execute(draft is null ? check : Marked(check, draft.Change, Now));
    }

    private static Func<DbCommand, Func<DbCommand, T>> Marked<T>(Func<DbCommand, Func<DbCommand, T>> check, Guid change, DateTimeOffset now) => command =>
    {
        var write = check(command);
        return writing =>
        {
            ChangeTable.Add(writing, change, now);
            return write(writing);
        };
    };

    // Makes nothing: fails where the change would.
    private Task<bool> Try<T>(Func<DbCommand, Func<DbCommand, T>> check) => Execute<bool>(command =>
    {
        check(command);
        return _ => true;
    });

    private Task Write(Action<DbCommand> write) => writer.Execute(write);

    // A batch of writes fails as a whole: a refusal leaves it as a value, and before anything is written.
    private async Task<T> Execute<T>(Func<DbCommand, Func<DbCommand, T>> check)
    {
        var (result, refusal) = await writer.Execute(command =>
        {
            Func<DbCommand, T> write;
            try { write = check(command); }
            catch (KmsException e) { return (default(T)!, e); }
            return (write(command), (KmsException?)null);
        });
        return refusal is null ? result : throw refusal;
    }

    // From one snapshot, and apart from the grain: its other calls need not wait for the database.
    private async Task<T> Read<T>(Func<DbCommand, T> read)
    {
        try { return await Task.Run(() => ReadSnapshot(read)); }
        catch (DbException e) { throw e.Unavailable(); }
    }

    private T ReadSnapshot<T>(Func<DbCommand, T> read)
    {
        using var connection = database.OpenConnection();
        using var snapshot = connection.BeginTransaction(IsolationLevel.ReadUncommitted);
        using var command = connection.CreateCommand();
        command.Transaction = snapshot;
        return read(command);
    }

    private static Func<DbCommand, Func<DbCommand, bool>> WithoutResult(Func<DbCommand, Action<DbCommand>> check) => command =>
    {
        var write = check(command);
        return writing =>
        {
            write(writing);
            return true;
        };
    };
}
