using System.Data;
using System.Data.Common;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Ram;
using Orleans.Kms.Grains.Storage;
using Orleans.Kms.Grains.Trail.Delivery;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Trail.Reading;

/// <summary>ActionTrail of one account. Holds nothing: what is true is in the tables. One activation makes one change at a time.</summary>
[Reentrant]
internal sealed partial class ActionTrailGrain(
    DbDataSource database, BatchWriter writer, TrailReader reader, ChainEnds ends, TrailBuckets buckets, NextTokenSeal tokens, IOptions<KmsOptions> options, TimeProvider clock)
    : Grain, IActionTrailGrain
{
    private readonly ChangeGate _gate = new(clock);

    private string AccountId => this.GetPrimaryKeyString();

    private TrailOptions Limits => options.Value.Trail;

    // As it is stored, in whole milliseconds.
    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Makes a change.</summary>
    /// <param name="check">Looks whether it may be made, and fails if not; gives what makes it. It hears where the chains end: what is recorded from now on is behind that.</param>
    private Task<T> Change<T>(Func<DbCommand, IReadOnlyDictionary<int, long>, Func<DbCommand, T>> check) => _gate.Pass(async () =>
    {
        var now = await ends.Find();
        return await Execute(command => check(command, now));
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
}
