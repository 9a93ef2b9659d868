using System.Data.Common;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Trail;

/// <summary>Statements that give a result.</summary>
/// <param name="statements">Gives the result, and whether the event is appended.</param>
/// <param name="e">The event.</param>
internal sealed class StatementWork<T>(Func<DbCommand, (T Found, bool Appends)> statements, TrailEvent? e = null) : TrailWork(e)
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _found = default!;

    /// <summary>Ends with the result when it is durable.</summary>
    public Task<T> Done => _done.Task;

    public override bool Run(DbCommand command)
    {
        (_found, var appends) = statements(command);
        return appends;
    }

    public override void Succeed() => _done.TrySetResult(_found);

    public override bool Fail(KmsException failure) => _done.TrySetException(failure);
}
