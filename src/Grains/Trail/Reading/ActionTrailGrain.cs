using System.Data.Common;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Kms.Grains.Ram;
using Orleans.Kms.Grains.Trail.Delivery;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Trail.Reading;

/// <summary>ActionTrail of one account. Holds nothing: what is true is in the tables. One activation makes one change at a time.</summary>
[Reentrant]
internal sealed partial class ActionTrailGrain(
    ChangingTables tables, TrailReader reader, ChainEnds ends, TrailBuckets buckets, NextTokenSeal tokens, IOptions<KmsOptions> options, TimeProvider clock,
    ILogger<ActionTrailGrain> logger)
    : Grain, IActionTrailGrain, IChangingGrain
{
    private readonly ChangeGate _gate = new(clock);

    private string AccountId => this.GetPrimaryKeyString();

    private TrailOptions Limits => options.Value.Trail;

    // As it is stored, in whole milliseconds.
    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());

    public Task<bool> TookPlace(Guid change, bool clears) => _gate.Pass(() => tables.TookPlace(change));

    /// <summary>Makes a change.</summary>
    /// <param name="check">Looks whether it may be made, and fails if not; gives what makes it. It hears where the chains end: what is recorded from now on is behind that.</param>
    private Task<T> Change<T>(Func<DbCommand, IReadOnlyDictionary<int, long>, Func<DbCommand, T>> check) => _gate.Pass(async () =>
    {
        var now = await ends.Find();
        return await tables.Commit(this.GetGrainId(), command => check(command, now));
    });

    private Task<T> Read<T>(Func<DbCommand, T> read) => tables.Read(read);
}
