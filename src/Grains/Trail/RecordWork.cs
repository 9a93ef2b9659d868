using System.Data.Common;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Trail;

/// <summary>An event to be appended; the intents of its change end with it.</summary>
internal sealed class RecordWork(TrailEvent e) : TrailWork(e)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the event is durable.</summary>
    public Task Done => _done.Task;

    public override bool HasStatements => Event!.Change is not null;

    public override bool Run(DbCommand command)
    {
        if (Event!.Change is { } change) TrailIntents.Remove(command, change);
        return true;
    }

    public override void Succeed() => _done.TrySetResult();

    public override bool Fail(KmsException failure) => _done.TrySetException(failure);
}
