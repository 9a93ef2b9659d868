using System.Reflection;
using Orleans.Kms.Access;
using Orleans.Kms.Grains.Ram;
using Orleans.Kms.Ram;
using Orleans.Serialization.Invocation;

namespace Orleans.Kms.Grains.Access;

/// <summary>One resource of an action of RAM, STS or ActionTrail, as its <see cref="RamActionAttribute"/> has it; worked out once per method.</summary>
internal sealed class RamResource
{
    private const int MaxNameLength = 256;
    private const string Anything = "*";

    // Resources of STS are RAM's roles.
    private readonly string _service;
    private readonly string _prefix;
    private readonly int _argument;
    private readonly int _policyType;
    private readonly bool _isRoleArn;

    private RamResource(string service, string template, ParameterInfo[] parameters)
    {
        _service = service == "sts" ? "ram" : service;
        var brace = template.IndexOf('{', StringComparison.Ordinal);
        _prefix = brace < 0 ? template : template[..brace];
        _argument = brace < 0 ? -1 : Array.FindIndex(parameters, p => p.Name == template[(brace + 1)..^1]);
        if (brace >= 0 && _argument < 0) throw new InvalidOperationException($"{template} names no argument.");
        _policyType = _prefix == "policy/" ? Array.FindIndex(parameters, p => p.ParameterType == typeof(PolicyType)) : -1;
        _isRoleArn = brace == 0;
    }

    /// <summary>The resources of a method.</summary>
    public static IReadOnlyList<RamResource> All(RamActionAttribute action, MethodInfo method) =>
        [.. action.Resources.Select(template => new RamResource(action.Service, template, method.GetParameters()))];

    /// <summary>The resource's name in a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="accountId">The account whose RAM is called.</param>
    /// <param name="ownName">The name of the user who calls; it counts where a user may be named and is not.</param>
    public string Arn(IInvokable call, string accountId, string ownName)
    {
        if (_argument < 0) return _prefix == Anything ? Anything : Name(accountId, _prefix);
        var argument = (string?)call.GetArgument(_argument);
        if (_isRoleArn) return RoleArn.Parse(argument).Resource;
        var isSystem = _policyType >= 0 && (PolicyType)call.GetArgument(_policyType)! == PolicyType.System;
        return Name(isSystem ? "system" : accountId, _prefix + Bounded(argument ?? ownName));
    }

    // Longer than any name there can be; the method would refuse it, but comes later.
    private static string Bounded(string name) => name.Length <= MaxNameLength ? name : throw RamErrors.Invalid("Name.Length", "The name is too long.");

    private string Name(string accountId, string relativeId) => $"acs:{_service}:*:{accountId}:{relativeId}";
}
