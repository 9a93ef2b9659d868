using k8s;
using k8s.Models;
using Orleans.Kms.Manifests.Tests.Rendering;

namespace Orleans.Kms.Manifests.Tests.Checks;

/// <summary>Selectors that select nothing, and names of manifests that are not there.</summary>
internal static class NameFaults
{
    /// <summary>All of them, one line each.</summary>
    public static IEnumerable<string> Of(Overlay overlay) =>
    [
        .. overlay.Manifests.OfType<IKubernetesObject<V1ObjectMeta>>().GroupBy(manifest => (manifest.Kind, manifest.Metadata.NamespaceProperty, manifest.Metadata.Name))
            .Where(group => group.Count() > 1).Select(group => $"{group.Key} is there more than once"),
        .. overlay.Workloads.SelectMany(workload => OfWorkload(overlay, workload)),
        .. overlay.Of<V1Service>().SelectMany(service => OfService(overlay, service)),
        .. overlay.Of<V1PodDisruptionBudget>().Where(budget => Count(overlay, budget.Metadata, budget.Spec.Selector) != 1).Select(budget => $"budget {budget.Metadata.Name} is not of one workload"),
        .. overlay.Of<V2HorizontalPodAutoscaler>().SelectMany(scaler => OfScaler(overlay, scaler)),
        .. overlay.Of<V1RoleBinding>().SelectMany(binding => OfBinding(overlay, binding)),
        .. overlay.Of<ServiceMonitor>().SelectMany(monitor => OfMonitor(overlay, monitor)),
        .. overlay.Of<Certificate>().Where(certificate => !Has<Issuer>(overlay, certificate.Metadata, certificate.Spec.IssuerRef.Name, issuer => issuer.Metadata))
            .Select(certificate => $"certificate {certificate.Metadata.Name} names no issuer"),
    ];

    private static IEnumerable<string> OfWorkload(Overlay overlay, Workload workload)
    {
        if (workload.Selector is { } selector && !selector.Selects(workload.Labels)) yield return $"{workload.Name} does not select its own pods";
        if (workload.Selector is { } wide && overlay.Workloads.Count(other => other.Namespace == workload.Namespace && wide.Selects(other.Labels)) > 1) yield return $"{workload.Name} selects pods of others";
        if (!Has<V1ServiceAccount>(overlay, workload.Namespace, workload.Pod.ServiceAccountName)) yield return $"{workload.Name} runs as a service account that is not there";
        if (!overlay.Of<V1Namespace>().Any(ns => ns.Metadata.Name == workload.Namespace)) yield return $"{workload.Name} is in a namespace that is not there";
        foreach (var spread in workload.Pod.TopologySpreadConstraints ?? [])
        {
            if (!spread.LabelSelector.Selects(workload.Labels)) yield return $"{workload.Name} spreads other pods than its own";
        }
        if (overlay.Of<V1StatefulSet>().SingleOrDefault(set => $"StatefulSet {set.Metadata.Name}" == workload.Name && set.Metadata.NamespaceProperty == workload.Namespace) is { } stateful
            && overlay.Of<V1Service>().SingleOrDefault(service => IsNamed(service.Metadata, workload.Namespace, stateful.Spec.ServiceName))?.Spec.ClusterIP != "None")
        {
            yield return $"{workload.Name} names no headless service";
        }
    }

    private static IEnumerable<string> OfService(Overlay overlay, V1Service service)
    {
        var pods = overlay.Workloads.Where(workload => workload.Namespace == service.Metadata.NamespaceProperty && Selectors.Contains(workload.Labels, service.Spec.Selector)).ToArray();
        if (pods.Length != 1) yield return $"service {service.Metadata.Name} is not of one workload";
        foreach (var port in service.Spec.Ports)
        {
            if (!pods.All(pod => pod.Ports.ContainsKey(port.TargetPort.Value))) yield return $"service {service.Metadata.Name} goes to port {port.TargetPort.Value}, which its pods do not have";
        }
    }

    private static IEnumerable<string> OfScaler(Overlay overlay, V2HorizontalPodAutoscaler scaler)
    {
        var target = overlay.Of<V1Deployment>().SingleOrDefault(deployment => IsNamed(deployment.Metadata, scaler.Metadata.NamespaceProperty, scaler.Spec.ScaleTargetRef.Name));
        if (target is null || scaler.Spec.ScaleTargetRef is not { ApiVersion: "apps/v1", Kind: "Deployment" }) yield return $"autoscaler {scaler.Metadata.Name} scales nothing";
        if (target?.Spec.Replicas is not null) yield return $"{target.Metadata.Name} has an autoscaler and a number of its own, which every apply goes back to";
        if (target?.Spec.Template.Spec.Containers.All(container => container.Resources.Requests?.ContainsKey("cpu") == true) == false) yield return $"{target.Metadata.Name} requests no CPU for its autoscaler to measure by";
    }

    private static IEnumerable<string> OfBinding(Overlay overlay, V1RoleBinding binding)
    {
        if (!Has<V1Role>(overlay, binding.Metadata.NamespaceProperty, binding.RoleRef.Name)) yield return $"binding {binding.Metadata.Name} names no role";
        foreach (var subject in binding.Subjects)
        {
            if (!Has<V1ServiceAccount>(overlay, subject.NamespaceProperty, subject.Name)) yield return $"binding {binding.Metadata.Name} is for a service account that is not there";
        }
    }

    private static IEnumerable<string> OfMonitor(Overlay overlay, ServiceMonitor monitor)
    {
        var services = overlay.Of<V1Service>().Where(service => service.Metadata.NamespaceProperty == monitor.Metadata.NamespaceProperty && monitor.Spec.Selector.Selects(service.Metadata.Labels));
        var scraped = services.Where(service => service.Spec.Ports.Any(port => monitor.Spec.Endpoints.Any(endpoint => endpoint.Port == port.Name))).ToArray();
        foreach (var workload in overlay.Workloads.Where(workload => workload.IsService && workload.Namespace == monitor.Metadata.NamespaceProperty))
        {
            if (scraped.Count(service => Selectors.Contains(workload.Labels, service.Spec.Selector)) != 1) yield return $"{workload.Name} is not scraped once";
        }
    }

    private static int Count(Overlay overlay, V1ObjectMeta metadata, V1LabelSelector selector) =>
        overlay.Workloads.Count(workload => workload.Namespace == metadata.NamespaceProperty && selector.Selects(workload.Labels));

    private static bool Has<T>(Overlay overlay, string? @namespace, string name) where T : IKubernetesObject<V1ObjectMeta> => overlay.Of<T>().Any(manifest => IsNamed(manifest.Metadata, @namespace, name));

    private static bool Has<T>(Overlay overlay, V1ObjectMeta beside, string name, Func<T, V1ObjectMeta> metadata) => overlay.Of<T>().Any(manifest => IsNamed(metadata(manifest), beside.NamespaceProperty, name));

    private static bool IsNamed(V1ObjectMeta metadata, string? @namespace, string name) => metadata.NamespaceProperty == @namespace && metadata.Name == name;
}
