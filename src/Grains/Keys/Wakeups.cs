using Microsoft.Extensions.Logging;
using Orleans.Kms.Errors;
using Orleans.Timers;

namespace Orleans.Kms.Grains.Keys;

/// <summary>
/// The reminders that wake key grains when something is due. They only wake: the stored time decides what is done, and a reminder that is lost is made up for by
/// the <see cref="DueSweep"/>.
/// </summary>
internal sealed partial class Wakeups(IReminderRegistry reminders, TimeProvider clock, ILogger<Wakeups> logger) : IDisposable
{
    private const string Name = "due";

    // How soon a tick is repeated after what was due could not be done.
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Soonest = TimeSpan.FromSeconds(1);

    // The reminder table on SQLite has one writer, and a second one sleeps on an Orleans thread.
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Sees to it that the grain is woken at that time.</summary>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.ServiceUnavailable"/>.</exception>
    public async Task Set(GrainId grain, DateTimeOffset at)
    {
        await _gate.WaitAsync();
        try
        {
            var wait = at - clock.GetUtcNow();
            await reminders.RegisterOrUpdateReminder(grain, Name, wait > Soonest ? wait : Soonest, Period);
        }
        catch (Exception e)
        {
            LogNotSet(logger, grain, e);
            throw new KmsException(KmsErrorCode.ServiceUnavailable);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Lets the grain sleep.</summary>
    public async Task Clear(GrainId grain)
    {
        await _gate.WaitAsync();
        try
        {
            if (await reminders.GetReminder(grain, Name) is { } reminder) await reminders.UnregisterReminder(grain, reminder);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    [LoggerMessage(1, LogLevel.Error, "The reminder of {Grain} could not be set.")]
    private static partial void LogNotSet(ILogger logger, GrainId grain, Exception exception);
}
