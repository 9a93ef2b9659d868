using System.Data.Common;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
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
    ChangingTables tables, BatchWriter writer, RightsNotice notice, CallerTokenSeal callers, SiloPass pass, IOptions<KmsOptions> options, TimeProvider clock)
    : Grain, IRamUsersGrain, IRamGroupsGrain, IRamRolesGrain, IRamPoliciesGrain, IRamServiceGrain, IChangingGrain
{
    private readonly ChangeGate _gate = new(clock);

    private string AccountId => this.GetPrimaryKeyString();

    private RamOptions Limits => options.Value.Ram;

    // As it is stored, in whole milliseconds.
    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());

    public Task<bool> TookPlace(Guid change, bool clears) => _gate.Pass(() => tables.TookPlace(change));

    /// <summary>Makes a change that gives nobody other rights than before.</summary>
    /// <param name="check">Looks whether it may be made, and fails if not; gives what makes it.</param>
    private Task<T> Change<T>(Func<DbCommand, Func<DbCommand, T>> check) => _gate.Pass(() => tables.Commit(this.GetGrainId(), check));

    /// <inheritdoc cref="Change{T}"/>
    private Task<bool> Change(Func<DbCommand, Action<DbCommand>> check) => Change(WithoutResult(check));

    /// <summary>Makes a change that may give somebody other rights than before.</summary>
    /// <inheritdoc cref="Change{T}"/>
    private Task<T> ChangeRights<T>(Func<DbCommand, Func<DbCommand, T>> check) => _gate.Pass(() => Withdraw(check));

    /// <inheritdoc cref="ChangeRights{T}"/>
    private Task<bool> ChangeRights(Func<DbCommand, Action<DbCommand>> check) => ChangeRights(WithoutResult(check));

    // In the turn of the change. What is refused anyway should not cost the silos what they know.
    private Task<T> Withdraw<T>(Func<DbCommand, Func<DbCommand, T>> check) => tables.Commit(this.GetGrainId(), check, () => notice.Forget(AccountId));

    private Task Write(Action<DbCommand> write) => writer.Execute(write);

    private Task<T> Read<T>(Func<DbCommand, T> read) => tables.Read(read);

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
