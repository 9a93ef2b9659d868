namespace Orleans.Kms.Cluster.Tests.Faults;

/// <summary>A fault that happened.</summary>
/// <param name="Fault">Which one.</param>
/// <param name="ServedAfter">How long it took until all keys were served again.</param>
internal sealed record FaultRecord(Fault Fault, TimeSpan ServedAfter);
