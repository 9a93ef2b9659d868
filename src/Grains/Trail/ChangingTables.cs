using System.Data.Common;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Storage;

namespace Orleans.Kms.Grains.Trail;

/// <summary>What grains that hold nothing do with the service's own tables: read them, and change them so that each change has its event.</summary>
internal sealed class ChangingTables(DbDataSource database, BatchWriter writer, Changes changes, TimeProvider clock)
{
    /// <summary>Makes a change. One that is refused is not announced.</summary>
    /// <param name="grain">The grain, which makes one change at a time.</param>
    /// <param name="check">Looks whether it may be made, and fails if not; gives what makes it.</param>
    /// <param name="before">What is done right before it is made; null for nothing.</param>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.ServiceUnavailable"/>, <see cref="KmsErrorCode.Throttled"/>, and what <paramref name="check"/> fails with.</exception>
    public async Task<T> Commit<T>(GrainId grain, Func<DbCommand, Func<DbCommand, T>> check, Func<Task>? before = null)
    {
        var draft = ChangeDraft.Current;
        if (before is not null || draft is not null) await Try(check);
        await changes.Announce(draft, grain, clears: false, (change, _) => TookPlace(change));
        if (before is not null) await before();
        return await Execute(draft is null ? check : Marked(check, draft.Change, clock.GetUtcNow()));
    }

    /// <summary>Whether a change was made.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.ServiceUnavailable"/>.</exception>
    public Task<bool> TookPlace(Guid change) => Read(command => ChangeTable.Contains(command, change));

    /// <summary>Reads from one snapshot, and apart from the grain: its other calls need not wait for the database.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.ServiceUnavailable"/>, and what <paramref name="read"/> fails with.</exception>
    public async Task<T> Read<T>(Func<DbCommand, T> read)
    {
        try { return await Task.Run(() => ReadSnapshot(read)); }
        catch (DbException e) { throw e.Unavailable(); }
    }

    // Makes nothing: fails where the change would.
    private Task<bool> Try<T>(Func<DbCommand, Func<DbCommand, T>> check) => Execute<bool>(command =>
    {
        check(command);
        return _ => true;
    });

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

    private static Func<DbCommand, Func<DbCommand, T>> Marked<T>(Func<DbCommand, Func<DbCommand, T>> check, Guid change, DateTimeOffset now) => command =>
    {
        var write = check(command);
        return writing =>
        {
            ChangeTable.Add(writing, change, now);
            return write(writing);
        };
    };

    private T ReadSnapshot<T>(Func<DbCommand, T> read)
    {
        using var connection = database.OpenConnection();
        using var snapshot = connection.BeginSnapshot();
        using var command = connection.CreateCommand();
        command.Transaction = snapshot;
        return read(command);
    }
}
