using k8s.Models;
using Orleans.Kms.Manifests.Tests.Rendering;

namespace Orleans.Kms.Manifests.Tests.Checks;

/// <summary>Config maps, secrets and volumes that are named and not there, and volumes that nobody mounts.</summary>
internal static class ReferenceFaults
{
    /// <summary>All of them, one line each.</summary>
    public static IEnumerable<string> Of(Overlay overlay) => overlay.Workloads.SelectMany(workload => OfWorkload(overlay, workload).Select(fault => $"{workload.Name}: {fault}"));

    private static IEnumerable<string> OfWorkload(Overlay overlay, Workload workload)
    {
        var maps = overlay.Of<V1ConfigMap>().Where(map => map.Metadata.NamespaceProperty == workload.Namespace).ToDictionary(map => map.Metadata.Name, map => map.Data);
        string[] volumes = [.. (workload.Pod.Volumes ?? []).Select(volume => volume.Name), .. workload.Claims.Select(claim => claim.Metadata.Name)];
        foreach (var name in volumes.GroupBy(name => name).Where(group => group.Count() > 1)) yield return $"volume {name.Key} is there more than once";
        foreach (var name in volumes.Except(workload.Containers.SelectMany(container => container.VolumeMounts ?? []).Select(mount => mount.Name))) yield return $"volume {name} is mounted by none";
        foreach (var container in workload.Containers)
        {
            foreach (var mount in (container.VolumeMounts ?? []).Where(mount => !volumes.Contains(mount.Name))) yield return $"{container.Name} mounts {mount.Name}, which is not there";
            foreach (var source in container.EnvFrom ?? [])
            {
                if (source.ConfigMapRef is null || !maps.ContainsKey(source.ConfigMapRef.Name)) yield return $"{container.Name} takes its environment from what is not there";
            }
            foreach (var reference in (container.Env ?? []).Select(variable => variable.ValueFrom?.SecretKeyRef).OfType<V1SecretKeySelector>())
            {
                if (!References.Secrets.TryGetValue(reference.Name, out var keys) || !keys.Contains(reference.Key)) yield return $"secret {reference.Name} with key {reference.Key} is not in the README's table";
            }
            if ((container.Env ?? []).Any(variable => variable.ValueFrom?.ConfigMapKeyRef is not null)) yield return $"{container.Name} takes a variable from a config map by its key, which is not looked at here";
        }
        foreach (var volume in workload.Pod.Volumes ?? [])
        {
            if (volume.ConfigMap is { } map && !maps.ContainsKey(map.Name)) yield return $"config map {map.Name} is not there";
            if (volume.Secret is { } secret && !References.Secrets.ContainsKey(secret.SecretName)) yield return $"secret {secret.SecretName} is not in the README's table";
            if (volume.PersistentVolumeClaim is { } claim && !overlay.Of<V1PersistentVolumeClaim>().Any(there => there.Metadata.Name == claim.ClaimName)) yield return $"claim {claim.ClaimName} is not there";
        }
        foreach (var path in (workload.Pod.Containers.SelectMany(container => container.Env ?? [])).Select(variable => variable.Value).OfType<string>().Where(value => value.StartsWith("/etc/kms/", StringComparison.Ordinal)))
        {
            if (FileFault(workload, maps, path) is { } fault) yield return fault;
        }
    }

    // A setting that names a file has to name one that a secret or config map brings there.
    private static string? FileFault(Workload workload, Dictionary<string, IDictionary<string, string>> maps, string path)
    {
        var mount = workload.Pod.Containers.SelectMany(container => container.VolumeMounts).SingleOrDefault(mount => Path.GetDirectoryName(path) == mount.MountPath);
        var volume = workload.Pod.Volumes.SingleOrDefault(volume => volume.Name == mount?.Name);
        IEnumerable<string> files = volume?.Secret is { } secret && References.Secrets.TryGetValue(secret.SecretName, out var keys) ? keys
            : volume?.ConfigMap is { } map && maps.TryGetValue(map.Name, out var data) ? data.Keys : [];
        return files.Contains(Path.GetFileName(path)) ? null : $"no secret or config map brings the file {path}";
    }
}
