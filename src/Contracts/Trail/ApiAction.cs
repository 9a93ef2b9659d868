namespace Orleans.Kms.Trail;

/// <summary>An action as the API names it.</summary>
/// <param name="Service">The service, as RAM names it: <c>kms</c>, <c>ram</c>, <c>sts</c> or <c>actiontrail</c>.</param>
/// <param name="Name">The action, for example <c>Encrypt</c>.</param>
[GenerateSerializer, Immutable, Alias("kms.api-action")]
public sealed record ApiAction([property: Id(0)] string Service, [property: Id(1)] string Name);
