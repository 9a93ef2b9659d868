using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Kms.Access;
using Orleans.Kms.Grains.Quotas;
using Orleans.Kms.Grains.Trail.Events;

namespace Orleans.Kms.Grains.Access;

/// <summary>Who may call a grain method; worked out once per method.</summary>
/// <param name="Admission">What a caller has to show.</param>
/// <param name="Action">What is evaluated and recorded, for <see cref="Admission.CallerToken"/>.</param>
/// <param name="Arguments">Where the method's arguments are that policies look at.</param>
/// <param name="RamResources">What an action of RAM, STS or ActionTrail is evaluated against.</param>
internal sealed record CallRule(Admission Admission, ActionAttribute? Action, CallArguments Arguments, IReadOnlyList<RamResource> RamResources)
{
    /// <summary>What is recorded of calls, for <see cref="Admission.CallerToken"/>.</summary>
    public CallPlan? Plan { get; private init; }

    /// <summary>Which limit on calls counts, for <see cref="Admission.CallerToken"/>; null if none does.</summary>
    public RateClass? Rate { get; private init; }

    private static readonly ConcurrentDictionary<MethodInfo, CallRule> Rules = new();

    /// <summary>The rule of an interface method. What no rule lets in is refused.</summary>
    public static CallRule Of(MethodInfo method) => Rules.GetOrAdd(method, static m => Find(m));

    private static CallRule Find(MethodInfo method)
    {
        var assembly = method.DeclaringType?.Assembly;
        if (assembly == typeof(CallRule).Assembly) return Without(Admission.SiloPass);
        if (assembly != typeof(ActionAttribute).Assembly) return Without(Admission.Silo);
        if (method.GetCustomAttribute<UnauthenticatedAttribute>() is not null) return Without(Admission.Anyone);
        if (method.GetCustomAttribute<AccountMemberAttribute>() is not null) return Without(Admission.AccountMember);
        return method.GetCustomAttribute<ActionAttribute>() is { } action
            ? new(Admission.CallerToken, action, CallArguments.Of(method), action is RamActionAttribute ram ? RamResource.All(ram, method) : []) { Plan = CallPlan.Of(action, method), Rate = RateClasses.Of(action) }
            : Without(Admission.Nobody);
    }

    private static CallRule Without(Admission admission) => new(admission, null, CallArguments.None, []);
}

/// <summary>What a caller of a grain method has to show.</summary>
internal enum Admission
{
    /// <summary>Public methods that say what they do: a caller token of a principal who may do it.</summary>
    CallerToken,
    /// <summary>Public methods that are part of an action: a caller token of the grain's account.</summary>
    AccountMember,
    /// <summary>Methods that make callers known.</summary>
    Anyone,
    /// <summary>Methods of the service's own internal interfaces: the <see cref="Access.SiloPass"/>.</summary>
    SiloPass,
    /// <summary>
    /// Methods of Orleans itself, such as a reminder's tick: not from a client without the <see cref="Access.SiloPass"/>. A message's source is its sender's word, so nothing of weight may hang on it: a tick
    /// makes a grain do what is due by its own stored time, and nothing else.
    /// </summary>
    Silo,
    /// <summary>Public methods that do not say what they do.</summary>
    Nobody,
}
