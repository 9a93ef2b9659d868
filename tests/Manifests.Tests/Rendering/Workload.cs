using k8s.Models;

namespace Orleans.Kms.Manifests.Tests.Rendering;

/// <summary>What makes pods.</summary>
/// <param name="Name">Its kind and name.</param>
/// <param name="Namespace">Where its pods are.</param>
/// <param name="Selector">What it knows its pods by; null for a job, whose controller sets it.</param>
/// <param name="Template">The pods.</param>
/// <param name="Claims">Volumes of each pod's own.</param>
/// <param name="IsService">Whether it runs until it is asked to stop.</param>
internal sealed record Workload(string Name, string Namespace, V1LabelSelector? Selector, V1PodTemplateSpec Template, IReadOnlyList<V1PersistentVolumeClaim> Claims, bool IsService)
{
    /// <summary>The labels of its pods.</summary>
    public IDictionary<string, string> Labels => Template.Metadata.Labels;

    /// <summary>The pods.</summary>
    public V1PodSpec Pod => Template.Spec;

    /// <summary>All containers, those of the start first.</summary>
    public IEnumerable<V1Container> Containers => (Pod.InitContainers ?? []).Concat(Pod.Containers);

    /// <summary>All ports by their names.</summary>
    public IReadOnlyDictionary<string, int> Ports => Pod.Containers.SelectMany(container => container.Ports ?? []).ToDictionary(port => port.Name, port => port.ContainerPort);

    /// <summary>The label that tells silos from gateways.</summary>
    public string Component => Labels["app.kubernetes.io/component"];

    public static Workload? Of(object manifest) => manifest switch
    {
        V1Deployment d => new($"Deployment {d.Metadata.Name}", d.Metadata.NamespaceProperty, d.Spec.Selector, d.Spec.Template, [], IsService: true),
        V1StatefulSet s => new($"StatefulSet {s.Metadata.Name}", s.Metadata.NamespaceProperty, s.Spec.Selector, s.Spec.Template, [.. s.Spec.VolumeClaimTemplates ?? []], IsService: true),
        V1Job j => new($"Job {j.Metadata.Name}", j.Metadata.NamespaceProperty, null, j.Spec.Template, [], IsService: false),
        _ => null,
    };
}
