namespace Orleans.Kms.Cluster.Tests.Checking;

/// <summary>Something that the service must not have done.</summary>
/// <param name="Kind">The rule that was broken.</param>
/// <param name="Detail">What happened; several lines.</param>
internal sealed record Violation(ViolationKind Kind, string Detail);
