using Orleans.Kms.Aliases;
using Orleans.Kms.Grains.Aliases;
using Orleans.Serialization.Invocation;

namespace Orleans.Kms.Grains.Trail.Events;

/// <summary>What a call of a grain method has to tell.</summary>
/// <param name="Plan">Its method's plan.</param>
/// <param name="Context">The call.</param>
/// <param name="AccountId">The caller's account.</param>
/// <param name="OwnName">The name of the user who calls; it counts where a user may be named and is not.</param>
/// <param name="RegionId">The region of this cluster.</param>
/// <param name="Result">What the method returned; null if nothing.</param>
internal readonly record struct CallContent(CallPlan Plan, IIncomingGrainCallContext Context, string AccountId, string? OwnName, string RegionId, object? Result) : IEventContent
{

    /// <summary>The CMK whose grain was called; the empty id if it is none.</summary>
    public Guid KeyId { get; } = CallPlan.KeyIn(Context.TargetId.Key.AsSpan());

    /// <summary>The call's arguments.</summary>
    public IInvokable Request => Context.Request;

    /// <summary>The alias whose grain was called; null if it is none.</summary>
    public string? Alias => AliasName.TryParseGrainKey(Context.TargetId.Key.ToString()!, out _, out var name) ? name : null;

    /// <summary>The CMK that the alias points to, or pointed to until it was removed; null if there is none.</summary>
    public Guid? AliasTarget => (Context.Grain as AliasGrain)?.LastTarget;

    public void FindResources(EventResources resources) => Plan.Resources(resources, this);

    public void WriteParameters(EventJson json)
    {
        Plan.KeyName?.Tell(json, this, RegionId);
        foreach (var parameter in Plan.Parameters) parameter.Tell(json, parameter.Name, Request.GetArgument(parameter.Index));
    }

    public void WriteResponse(EventJson json)
    {
        if (Result is null || Plan.Result is null) return;
        json.BeginObject(EventFields.ResponseElements);
        Plan.Result(json, this);
        json.EndObject();
    }
}
