namespace Orleans.Kms.Access;

/// <summary>Names the KMS action that a public grain method carries out, and what it is evaluated against.</summary>
/// <param name="action">The API's action name, for example <c>Encrypt</c>; its RAM name is <c>kms:Encrypt</c>.</param>
/// <param name="access">Whether the action changes state of the service.</param>
/// <param name="resource">What the action is evaluated against.</param>
public sealed class KmsActionAttribute(string action, ActionAccess access, ResourceKind resource) : ActionAttribute("kms", action, access)
{
    /// <summary>What the action is evaluated against.</summary>
    public ResourceKind Resource { get; } = resource;
}

/// <summary>The kind of resource that an action of KMS is evaluated against.</summary>
public enum ResourceKind
{
    /// <summary>The account's key container, <c>acs:kms:REGION:ACCOUNT:key</c>.</summary>
    KeyContainer,
    /// <summary>One CMK, <c>acs:kms:REGION:ACCOUNT:key/KEYID</c>.</summary>
    Key,
    /// <summary>The CMKs that the call names, a list of key ids or a <see cref="Listing.TagQuery"/>; the key container if it names none.</summary>
    Keys,
    /// <summary>
    /// Two CMKs: the one that opens the ciphertext, for which the action's RAM name ends with <c>From</c>, and the one that encrypts anew, for which it ends with <c>To</c>.
    /// </summary>
    SourceAndDestination,
    /// <summary>One alias, <c>acs:kms:REGION:ACCOUNT:alias/NAME</c>, and the CMKs that it points to before and after the call.</summary>
    Alias,
    /// <summary>The account's alias container, <c>acs:kms:REGION:ACCOUNT:alias</c>.</summary>
    AliasContainer,
    /// <summary>The service as a whole: policies whose resource is <c>*</c>.</summary>
    Service,
}
