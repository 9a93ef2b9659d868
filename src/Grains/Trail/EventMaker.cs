using Microsoft.Extensions.Options;
using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Access;
using Orleans.Kms.Grains.Trail.Events;
using Orleans.Kms.Trail;

namespace Orleans.Kms.Grains.Trail;

/// <summary>Says what the trail tells of each thing that happens. Nothing secret is in it: what is told of arguments and results is listed, and all else is left out.</summary>
internal sealed class EventMaker(IOptions<KmsOptions> options)
{
    private readonly EventWriter _writer = new(options.Value.RegionId);

    /// <summary>A call of a grain method that has ended.</summary>
    /// <param name="rule">The method's rule.</param>
    /// <param name="context">The call.</param>
    /// <param name="caller">Who calls.</param>
    /// <param name="rights">What is known of the caller; null if that could not be found.</param>
    /// <param name="time">When the call came (UTC).</param>
    /// <param name="id">The event's id.</param>
    /// <param name="result">What the method returned; null if nothing.</param>
    /// <param name="failure">Why the call failed; null if it did not.</param>
    public TrailEvent OfCall(
        CallRule rule, IIncomingGrainCallContext context, Caller caller, Rights? rights, DateTimeOffset time, Guid id, object? result, KmsException? failure) =>
        OfCall(rule, context, caller, rights, time, id, result, failure, isRecovered: false);

    /// <summary>A call of a grain method that is about to be carried out, as it is recorded if this process dies before it can tell how the call ended.</summary>
    /// <inheritdoc cref="OfCall(CallRule, IIncomingGrainCallContext, Caller, Rights?, DateTimeOffset, Guid, object?, KmsException?)"/>
    public TrailEvent OfDraft(CallRule rule, IIncomingGrainCallContext context, Caller caller, Rights? rights, DateTimeOffset time, Guid id) =>
        OfCall(rule, context, caller, rights, time, id, null, null, isRecovered: true);

    /// <summary>A call that was refused on its way to a grain.</summary>
    /// <inheritdoc cref="OfCall(CallRule, IIncomingGrainCallContext, Caller, Rights?, DateTimeOffset, Guid, object?, KmsException?)"/>
    public TrailEvent OfRefusal(RefusedCall refused, Caller caller, Rights? rights, DateTimeOffset time, Guid id)
    {
        var frame = new EventFrame(EventAction.Of(refused.Action), EventIdentity.Of(caller, rights), time, id, caller.Facts, new(refused.ErrorCode, refused.ErrorMessage));
        return _writer.Write(frame, new RefusedContent(refused), caller.Nonce);
    }

    /// <summary>A request with a known access key that was not let in.</summary>
    /// <param name="claimed">Who it would be, were it true.</param>
    /// <param name="rights">What is known of it; null if that could not be found.</param>
    /// <param name="action">What was called.</param>
    /// <param name="failure">Why it was not let in.</param>
    /// <param name="time">When the request came (UTC).</param>
    /// <param name="id">The event's id.</param>
    public TrailEvent OfFailedAuthentication(Caller claimed, Rights? rights, ApiAction action, KmsException failure, DateTimeOffset time, Guid id)
    {
        var told = EventAction.Of(action);
        return _writer.Write(new(told, EventIdentity.Of(claimed, rights), time, id, claimed.Facts, EventFailure.Of(failure, told.Service)), new NoContent(), claimed.Nonce);
    }

    /// <summary>Something that the service does by itself.</summary>
    /// <param name="eventName">What it does.</param>
    /// <param name="accountId">The account concerned, 16 digits.</param>
    /// <param name="time">When it did it (UTC).</param>
    /// <param name="id">The event's id.</param>
    /// <param name="resources">What it did it to: types as in <see cref="EventResources"/>, and names.</param>
    public TrailEvent OfService(string eventName, string accountId, DateTimeOffset time, Guid id, params (string Type, string Name)[] resources) =>
        OfService(eventName, accountId, time, id, resources, []);

    /// <summary>Something that the service does by itself, and with what.</summary>
    public TrailEvent OfService(
        string eventName, string accountId, DateTimeOffset time, Guid id, (string Type, string Name)[] resources, (string Name, string Value)[] parameters) =>
        _writer.Write(new(EventAction.OfService(eventName), EventIdentity.OfService(accountId), time, id, null), new ServiceContent(resources, parameters), null);

    /// <summary>Something that an operator had the service do with kms-admin.</summary>
    /// <param name="command">The command, for example <c>add-root-key</c>.</param>
    /// <param name="accountId">The account concerned, 16 digits.</param>
    /// <param name="time">When it was begun (UTC).</param>
    /// <param name="id">The event's id.</param>
    /// <param name="operatorName">Who did it.</param>
    /// <param name="detail">With what.</param>
    /// <param name="rootKeyVersion">The root key that it was about; null if none.</param>
    /// <param name="outcome">How it ended, <c>done: </c> or <c>failed: </c> and what; null if nobody knows.</param>
    public TrailEvent OfOperator(
        string command, string accountId, DateTimeOffset time, Guid id, string operatorName, string detail, int? rootKeyVersion, string? outcome)
    {
        var action = EventAction.OfService(string.Concat(command.Split('-', StringSplitOptions.RemoveEmptyEntries).Select(word => char.ToUpperInvariant(word[0]) + word[1..])));
        var failure = OperatorContent.Failure(outcome);
        var frame = new EventFrame(action, EventIdentity.OfService(accountId), time, id, null, failure, IsRecovered: false, operatorName);
        return _writer.Write(frame, new OperatorContent(detail, rootKeyVersion, outcome), null);
    }

    private TrailEvent OfCall(
        CallRule rule, IIncomingGrainCallContext context, Caller caller, Rights? rights, DateTimeOffset time, Guid id, object? result, KmsException? failure, bool isRecovered)
    {
        var plan = rule.Plan!;
        if (plan.NamesKeyByBlob && failure is { Code: KmsErrorCode.KeyNotFound }) failure = KmsException.BadCiphertext();
        var frame = new EventFrame(
            plan.Action, EventIdentity.Of(caller, rights), time, id, caller.Facts, EventFailure.Of(failure, plan.Action.Service), isRecovered);
        var ownName = caller.UserId is null ? null : rights?.Name;
        return _writer.Write(frame, new CallContent(plan, context, caller.AccountId, ownName, options.Value.RegionId, failure is null ? result : null), caller.Nonce);
    }
}
