using k8s.Models;
using Orleans.Kms.Manifests.Tests.Rendering;

namespace Orleans.Kms.Manifests.Tests.Containers;

/// <summary>In place of a Kubernetes node: what pods of one overlay have from it. Each pod has its volumes below one temporary folder.</summary>
/// <param name="overlay">The manifests.</param>
/// <param name="build">The programs.</param>
/// <param name="network">The node's network.</param>
internal sealed class Node(Overlay overlay, BuildContext build, NetworkNamespace network) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kms-node-");
    private readonly List<IDisposable> _kept = [];

    /// <summary>The node's network, which reaches all pods.</summary>
    public NetworkNamespace Network => network;

    /// <summary>Its temporary folder.</summary>
    public string Root => _folder.FullName;

    /// <summary>The operator's secrets.</summary>
    public Dictionary<string, IReadOnlyDictionary<string, byte[]>> Secrets { get; } = [];

    /// <summary>Files of the service account, for pods that get them; empty if there is no Kubernetes API.</summary>
    public Dictionary<string, byte[]> ServiceAccount { get; set; } = [];

    /// <summary>A config map's entries.</summary>
    public IDictionary<string, string> ConfigMap(string @namespace, string name) =>
        overlay.Of<V1ConfigMap>().Single(map => map.Metadata.NamespaceProperty == @namespace && map.Metadata.Name == name).Data;

    /// <summary>A folder of a pod's.</summary>
    public string Folder(string pod, string volume) => Path.Combine(_folder.FullName, pod, volume);

    /// <summary>The image of a container, with its program built.</summary>
    public (Image Image, string Program) Pull(string name)
    {
        var image = Image.All.Single(image => image.Name == name);
        return (image, build.Publish(image));
    }

    /// <summary>Keeps something that ends with the node at the latest.</summary>
    public T Keep<T>(T kept) where T : IDisposable
    {
        _kept.Add(kept);
        return kept;
    }

    public void Dispose()
    {
        // Containers before their networks.
        foreach (var kept in Enumerable.Reverse(_kept)) kept.Dispose();
        _folder.Delete(recursive: true);
    }
}
