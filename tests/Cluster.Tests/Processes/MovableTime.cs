namespace Orleans.Kms.Cluster.Tests.Processes;

/// <summary>Real time, and so much.</summary>
internal sealed class MovableTime : TimeProvider
{
    private long _ahead;

    public TimeSpan Ahead
    {
        get => new(Interlocked.Read(ref _ahead));
        set => Interlocked.Exchange(ref _ahead, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
}
