namespace Orleans.Kms.Access;

/// <summary>
/// Names the KMS action that a public grain method carries out. The silo's call filter refuses any public grain method without
/// it; policy evaluation and the trail read the action, its class and its resource from here and from nowhere else.
/// </summary>
/// <param name="action">The API's action name, for example <c>Encrypt</c>; its RAM name is <c>kms:Encrypt</c>.</param>
/// <param name="access">Whether the action changes state of the service. Cryptography counts as reading.</param>
/// <param name="resource">What the action is evaluated against.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KmsActionAttribute(string action, ActionAccess access, ResourceKind resource) : Attribute
{
    /// <summary>The API's action name.</summary>
    public string Action { get; } = action;

    /// <summary>Whether the action changes state of the service.</summary>
    public ActionAccess Access { get; } = access;

    /// <summary>What the action is evaluated against.</summary>
    public ResourceKind Resource { get; } = resource;
}

/// <summary>The class of an action: the trail records it as <c>eventRW</c>.</summary>
public enum ActionAccess
{
    /// <summary>Changes no state of the service.</summary>
    Read,
    /// <summary>Changes state of the service.</summary>
    Write,
}

/// <summary>The kind of resource that an action is evaluated against.</summary>
public enum ResourceKind
{
    /// <summary>The account's key container, <c>acs:kms:REGION:ACCOUNT:key</c>.</summary>
    KeyContainer,
    /// <summary>One CMK, <c>acs:kms:REGION:ACCOUNT:key/KEYID</c>.</summary>
    Key,
    /// <summary>The CMKs that the call names: its first argument, a list of key ids.</summary>
    Keys,
    /// <summary>One alias, <c>acs:kms:REGION:ACCOUNT:alias/NAME</c>, and the CMKs that it points to before and after the call.</summary>
    Alias,
    /// <summary>The account's alias container, <c>acs:kms:REGION:ACCOUNT:alias</c>.</summary>
    AliasContainer,
    /// <summary>Nothing in particular: every caller of the account may.</summary>
    None,
}
