using Microsoft.Extensions.Options;
using Orleans.Kms.Access;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Trail;

/// <summary>Has calls recorded, durably before they are answered. With the trail switched off, it does nothing.</summary>
internal sealed class CallRecorder(EventMaker events, TrailWriter trail, IOptions<KmsOptions> options, TimeProvider clock)
{
    /// <summary>What an event tells of a call whose action the gateway did not say.</summary>
    private static readonly ApiAction Unknown = new("kms", "Unknown");

    /// <summary>Whether anything is recorded.</summary>
    public bool IsEnabled { get; } = options.Value.Trail.Enabled;

    /// <summary>Since when this process serves calls: without the trail, what was let in before is not known.</summary>
    public DateTimeOffset Since { get; } = clock.GetUtcNow();

    /// <summary>A call of a grain method has come.</summary>
    public RecordedCall Begin(IIncomingGrainCallContext context, CallRule rule, Caller caller) => new(this, events, context, rule, caller, clock.GetUtcNow());

    /// <summary>A call was refused on its way to a grain.</summary>
    /// <inheritdoc cref="Record"/>
    public ValueTask Refused(RefusedCall refused, Caller caller, Rights? rights)
    {
        if (!IsEnabled) return default;
        var now = clock.GetUtcNow();
        return Record(events.OfRefusal(refused, caller, rights, now, IdOf(caller.Facts, now)));
    }

    /// <summary>A request with a known access key was not let in.</summary>
    /// <param name="claimed">Who it would be, were it true.</param>
    /// <param name="rights">What is known of it.</param>
    /// <param name="action">What was called; null if nobody says.</param>
    /// <param name="failure">Why it was not let in.</param>
    /// <inheritdoc cref="Record"/>
    public ValueTask NotAuthenticated(Caller claimed, Rights? rights, ApiAction? action, KmsException failure)
    {
        if (!IsEnabled) return default;
        var now = clock.GetUtcNow();
        return Record(events.OfFailedAuthentication(claimed, rights, action ?? Unknown, failure, now, IdOf(claimed.Facts, now)));
    }

    /// <summary>Records an event.</summary>
    /// <exception cref="KmsException">
    /// <see cref="KmsErrorCode.ServiceUnavailable"/> or <see cref="KmsErrorCode.Throttled"/>: it cannot be recorded now. Nobody should try that again for this call, so it is told as recorded.
    /// </exception>
    public async ValueTask Record(TrailEvent e)
    {
        try { await trail.Record(e); }
        catch (KmsException failure) { throw failure.AsRecorded(); }
    }

    /// <summary>
    /// The id of the request where it has one of its own, as the gateway gives it. A token may serve many calls of a direct caller, which have none.
    /// </summary>
    public static Guid IdOf(RequestFacts facts, DateTimeOffset time) => Guid.TryParse(facts.RequestId, out var id) ? id : Guid.CreateVersion7(time);
}
