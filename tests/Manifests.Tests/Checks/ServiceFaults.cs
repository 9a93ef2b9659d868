using k8s.Models;
using Orleans.Kms.Manifests.Tests.Rendering;

namespace Orleans.Kms.Manifests.Tests.Checks;

/// <summary>What would stop a service at the wrong moment, or not let it start: probes, time to drain, budgets, images.</summary>
internal static class ServiceFaults
{
    // What the programs give calls in flight, in seconds.
    private const int DrainTime = 25;

    private static readonly string[] Built = ["orleans-kms-silo", "orleans-kms-silo-softhsm", "orleans-kms-gateway"];

    /// <summary>All of them, one line each.</summary>
    public static IEnumerable<string> Of(Overlay overlay) =>
    [
        .. overlay.Workloads.SelectMany(workload => workload.Containers.Select(ImageFault).OfType<string>()),
        .. overlay.Workloads.Where(workload => workload.IsService).SelectMany(OfService),
    ];

    private static string? ImageFault(V1Container container)
    {
        if (container.Image.Split(':') is not [var name, var tag] || tag == "latest") return $"image {container.Image} has no version";
        return Built.Contains(name) && tag != Repository.Version ? $"image {container.Image} is not of version {Repository.Version}" : null;
    }

    private static IEnumerable<string> OfService(Workload workload)
    {
        var container = workload.Pod.Containers.Single();
        foreach (var (what, probe, path) in new[] { ("startup", container.StartupProbe, "/healthz"), ("liveness", container.LivenessProbe, "/healthz"), ("readiness", container.ReadinessProbe, "/readyz") })
        {
            if (probe?.HttpGet is not { } get || get.Path != path) yield return $"{workload.Name} has no {what} probe of {path}";
            else if (get.Port.Value != "monitoring" || !workload.Ports.ContainsKey(get.Port.Value)) yield return $"{workload.Name} is probed at a port that it does not have";
        }
        var pause = container.Lifecycle?.PreStop?.Sleep?.Seconds ?? 0;
        if (workload.Pod.TerminationGracePeriodSeconds is not { } grace || grace < DrainTime + pause + 10) yield return $"{workload.Name} is killed before its calls have ended";
        foreach (var (name, port) in workload.Ports)
        {
            var settings = container.Env.Where(variable => variable.Name.EndsWith("Port", StringComparison.Ordinal)).Select(variable => variable.Value);
            if (!settings.Contains($"{port}")) yield return $"{workload.Name} listens nowhere at port {name}";
        }
    }
}
