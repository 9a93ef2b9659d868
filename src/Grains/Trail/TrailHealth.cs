using Microsoft.Extensions.Logging;

namespace Orleans.Kms.Grains.Trail;

/// <summary>Says once when the trail can no longer be written, and once when it can again.</summary>
internal sealed partial class TrailHealth(ILogger<TrailWriter> logger)
{
    private int _isFailing;

    public void Failed(Exception e)
    {
        if (Interlocked.Exchange(ref _isFailing, 1) == 0) LogFails(logger, e);
    }

    public void Hangs(TimeSpan patience)
    {
        if (Interlocked.Exchange(ref _isFailing, 1) == 0) LogHangs(logger, patience.TotalSeconds);
    }

    public void Succeeded()
    {
        if (Volatile.Read(ref _isFailing) == 1 && Interlocked.Exchange(ref _isFailing, 0) == 1) LogWorks(logger);
    }

    [LoggerMessage(1, LogLevel.Error, "The trail cannot be written, so calls are refused. Each further call tries again.")]
    private static partial void LogFails(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "The trail's database has not answered for {Seconds} seconds, so calls are refused until it does.")]
    private static partial void LogHangs(ILogger logger, double seconds);

    [LoggerMessage(3, LogLevel.Warning, "The trail can be written again.")]
    private static partial void LogWorks(ILogger logger);
}
