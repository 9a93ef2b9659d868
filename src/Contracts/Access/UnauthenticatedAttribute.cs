namespace Orleans.Kms.Access;

/// <summary>Marks the grain methods that make callers known, and so take calls without a caller token.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnauthenticatedAttribute : Attribute;
