using Orleans.Kms.Access;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;

namespace Orleans.Kms.Grains.Trail;

/// <summary>One call of a grain method, from its coming to its answer.</summary>
internal sealed class RecordedCall(CallRecorder recorder, EventMaker events, IIncomingGrainCallContext context, CallRule rule, Caller caller, DateTimeOffset time)
{
    private readonly Guid _id = CallRecorder.IdOf(caller.Facts, time);
    private Guid? _change;

    /// <summary>What is known of the caller; null as long as nothing is.</summary>
    public Rights? Rights { get; set; }

    /// <summary>The call is let in. One that changes something takes its event along, so that it is recorded even if this process dies before the call has ended.</summary>
    public void Announce()
    {
        if (!recorder.IsEnabled || rule.Action!.Access == ActionAccess.Read)
        {
            ChangeDraft.Detach();
            return;
        }
        var draft = ChangeDraft.Of(events.OfDraft(rule, context, caller, Rights, time, _id));
        _change = draft.Change;
        draft.Attach();
    }

    /// <summary>The call has done what it was to do; it may be answered when this is done.</summary>
    /// <inheritdoc cref="CallRecorder.Record"/>
    public ValueTask Succeeded()
    {
        if (!recorder.IsEnabled) return default;
        var e = Event(context.Result, null);
        e.Change = _change;
        return recorder.Record(e);
    }

    /// <summary>The call was refused or has failed. If it made its change all the same, or part of it, that is recorded of itself.</summary>
    /// <inheritdoc cref="CallRecorder.Record"/>
    public ValueTask Failed(KmsException failure) => recorder.IsEnabled ? recorder.Record(Event(null, failure)) : default;

    private TrailEvent Event(object? result, KmsException? failure) => events.OfCall(rule, context, caller, Rights, time, _id, result, failure);
}
