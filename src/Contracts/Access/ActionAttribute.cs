namespace Orleans.Kms.Access;

/// <summary>
/// Names the API action that a public grain method carries out. The silo's call filter refuses any public grain method without one; policy evaluation and the trail
/// read the action, its class and its resources from here and from nowhere else.
/// </summary>
/// <param name="service">The service that the action belongs to, as RAM names it: <c>kms</c>, <c>ram</c>, <c>sts</c> or <c>actiontrail</c>.</param>
/// <param name="action">The API's action name, for example <c>Encrypt</c>.</param>
/// <param name="access">Whether the action changes state of the service. Cryptography counts as reading.</param>
[AttributeUsage(AttributeTargets.Method)]
public abstract class ActionAttribute(string service, string action, ActionAccess access) : Attribute
{
    /// <summary>The service, as RAM names it.</summary>
    public string Service { get; } = service;

    /// <summary>The API's action name.</summary>
    public string Action { get; } = action;

    /// <summary>Whether the action changes state of the service.</summary>
    public ActionAccess Access { get; } = access;

    /// <summary>What policies call the action, for example <c>kms:Encrypt</c>.</summary>
    public string RamName { get; } = $"{service}:{action}";
}

/// <summary>The class of an action: the trail records it as <c>eventRW</c>.</summary>
public enum ActionAccess
{
    /// <summary>Changes no state of the service.</summary>
    Read,
    /// <summary>Changes state of the service.</summary>
    Write,
}
