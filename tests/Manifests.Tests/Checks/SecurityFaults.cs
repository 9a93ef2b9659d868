using k8s.Models;
using Orleans.Kms.Manifests.Tests.Rendering;

namespace Orleans.Kms.Manifests.Tests.Checks;

/// <summary>
/// What the Pod Security Standard "restricted" refuses, and what goes beyond it here: a root file system that cannot be written, a limit for memory, and no token of the
/// Kubernetes API for pods that do not ask it.
/// </summary>
internal static class SecurityFaults
{
    private static readonly string[] NeedsApi = ["silo"];

    /// <summary>All of them, one line each.</summary>
    public static IEnumerable<string> Of(Overlay overlay) =>
    [
        .. overlay.Of<V1Namespace>().Where(ns => ns.Metadata.Labels?["pod-security.kubernetes.io/enforce"] != "restricted").Select(ns => $"namespace {ns.Metadata.Name} admits pods that are not restricted"),
        .. overlay.Of<V1ServiceAccount>().Where(account => account.AutomountServiceAccountToken != false).Select(account => $"service account {account.Metadata.Name} gives its token to every pod"),
        .. overlay.Workloads.SelectMany(workload => OfPod(workload.Pod, workload.Component).Concat(workload.Containers.SelectMany(container => OfContainer(workload, container))).Select(fault => $"{workload.Name}: {fault}")),
    ];

    private static IEnumerable<string> OfPod(V1PodSpec pod, string component)
    {
        if (pod.HostNetwork == true || pod.HostPID == true || pod.HostIPC == true) yield return "uses a namespace of its node";
        if (pod.SecurityContext is not { RunAsNonRoot: true, RunAsUser: > 0, RunAsGroup: > 0 }) yield return "may run as root";
        if (pod.SecurityContext.SeccompProfile?.Type != "RuntimeDefault") yield return "has no seccomp profile";
        if (pod.SecurityContext.Sysctls is { Count: > 0 }) yield return "sets sysctls";
        if (pod.AutomountServiceAccountToken != NeedsApi.Contains(component)) yield return "has a token of the Kubernetes API that it does not need, or lacks the one that it needs";
        if (pod.EnableServiceLinks != false) yield return "gets an environment that its manifest does not tell";
        foreach (var volume in pod.Volumes ?? [])
        {
            if (volume is { ConfigMap: null, Secret: null, EmptyDir: null, PersistentVolumeClaim: null, Projected: null }) yield return $"volume {volume.Name} is of a kind that is not admitted";
            if (volume.EmptyDir is { SizeLimit: null }) yield return $"volume {volume.Name} may fill its node";
            if (volume.Secret is { } secret && secret.DefaultMode != 0x120) yield return $"volume {volume.Name} can be read by others than its group";
        }
    }

    private static IEnumerable<string> OfContainer(Workload workload, V1Container container)
    {
        var security = container.SecurityContext;
        if (security?.ReadOnlyRootFilesystem != true) yield return $"{container.Name} can write its root file system";
        if (security?.AllowPrivilegeEscalation != false || security.Privileged == true) yield return $"{container.Name} may gain privileges";
        if (security?.Capabilities is not { Drop: ["ALL"], Add: null or [] }) yield return $"{container.Name} keeps capabilities";
        if (security is { RunAsNonRoot: false } or { RunAsUser: not null } or { SeccompProfile: not null }) yield return $"{container.Name} has a user or profile of its own";
        if (container.Ports?.Any(port => port.HostPort is not null) == true) yield return $"{container.Name} takes a port of its node";
        if (container.Resources?.Limits?.ContainsKey("memory") != true) yield return $"{container.Name} has no limit for memory";
        // A kind of variable that shows secrets in the manifest itself.
        foreach (var variable in container.Env ?? [])
        {
            if (variable is { Name: "Kms__Database", ValueFrom.SecretKeyRef: null }) yield return $"{container.Name} has its connection string outside a secret";
        }
        foreach (var mount in container.VolumeMounts.Where(mount => workload.Pod.Volumes.Any(volume => volume.Name == mount.Name && (volume.Secret ?? (object?)volume.ConfigMap) is not null)))
        {
            if (mount.ReadOnlyProperty != true) yield return $"{container.Name} mounts {mount.Name} to write";
        }
    }
}
