using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Trail;

/// <summary>
/// Sees to it that each change has its event, wherever the process dies: the grain announces the change here before it makes it durable, with its event, and keeps the change's id in
/// its own state write. What is left announced is settled by what the state tells.
/// </summary>
internal sealed partial class Changes(TrailWriter trail, EventMaker events, IOptions<KmsOptions> options, TimeProvider clock, ILogger<Changes> logger)
{
    /// <summary>How long a change may be under way, the recording of its event included: before that, none is taken for left behind.</summary>
    public static readonly TimeSpan LongestCall = TimeSpan.FromMinutes(2);

    /// <summary>The event of something that the service does by itself; null if nothing is recorded.</summary>
    /// <param name="eventName">What it does.</param>
    /// <param name="accountId">The account concerned.</param>
    /// <param name="resources">What it does it to.</param>
    public ChangeDraft? OfService(string eventName, string accountId, params (string Type, string Name)[] resources)
    {
        if (!options.Value.Trail.Enabled) return null;
        var now = clock.GetUtcNow();
        return ChangeDraft.Of(events.OfService(eventName, accountId, now, Guid.CreateVersion7(now), resources));
    }

    /// <summary>Announces a change, in the turn in which the grain makes it, and settles what earlier changes of the grain left.</summary>
    /// <param name="draft">The change; null if it is none that is recorded.</param>
    /// <param name="grain">The grain.</param>
    /// <param name="clears">Whether it removes the grain's state.</param>
    /// <param name="tookPlace">Whether a change of that id took place, by the state as it is before this one.</param>
    /// <returns>What the state has to keep.</returns>
    /// <exception cref="KmsException"><see cref="KmsErrorCode.ServiceUnavailable"/>: the trail cannot be written, so the change must not be made.</exception>
    public async Task<Guid?> Announce(ChangeDraft? draft, GrainId grain, bool clears, Func<Guid, bool, Task<bool>> tookPlace)
    {
        if (draft is null) return null;
        var now = clock.GetUtcNow();
        foreach (var left in await trail.Intend(new(draft.Event(), grain.ToString(), now, clears))) await Settle(left, now, await TookPlace(left, tookPlace));
        return draft.Change;
    }

    /// <summary>Records what the service did by itself. It is done: if it cannot be recorded now, it is from what was announced.</summary>
    public async Task Done(ChangeDraft? draft)
    {
        if (draft is null) return;
        try { await trail.Record(draft.Event()); }
        catch (KmsException e) { LogNotRecorded(logger, draft.EventId, e.Code); }
    }

    /// <summary>Records a change that took place, or forgets one that did not.</summary>
    /// <param name="left">What is left of the change, whose call is under way no more.</param>
    /// <param name="tookPlace">Whether it took place.</param>
    public Task SettleLeft(TrailIntent left, bool tookPlace) => tookPlace ? trail.Complete(left.Event) : trail.Drop(left.Event.Change!.Value, left.Grain);

    // What took place not long ago may be on its way to being recorded: that is only noted. What did not may be part of the state that is about to be written, whose ids will tell; only
    // of a removal nothing would.
    private Task Settle(TrailIntent left, DateTimeOffset now, bool tookPlace)
    {
        if (now - left.BegunAt >= LongestCall || (!tookPlace && left.Clears)) return SettleLeft(left, tookPlace);
        return !tookPlace || left.TookPlace ? Task.CompletedTask : trail.Confirm(left.Event.Change!.Value, left.Grain);
    }

    private static Task<bool> TookPlace(TrailIntent left, Func<Guid, bool, Task<bool>> ask) => left.TookPlace ? Task.FromResult(true) : ask(left.Event.Change!.Value, left.Clears);

    [LoggerMessage(1, LogLevel.Warning, "The event {EventId} of what the service did itself could not be recorded now ({Code}); it will be.")]
    private static partial void LogNotRecorded(ILogger logger, Guid eventId, KmsErrorCode code);
}
