using System.Collections.Concurrent;
using k8s;
using k8s.Models;

namespace Orleans.Kms.Manifests.Tests.Rendering;

/// <summary>One overlay, rendered and read.</summary>
internal sealed class Overlay
{
    private static readonly ConcurrentDictionary<string, string> Rendered = new();

    private static readonly Dictionary<(string ApiVersion, string Kind), Type> Kinds = typeof(V1Pod).Assembly.GetTypes()
        .Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(IKubernetesObject<V1ObjectMeta>)) && type.IsDefined(typeof(KubernetesEntityAttribute), inherit: false))
        .GroupBy(type => type.GetKubernetesTypeMetadata() is var entity ? (entity.Group.Length == 0 ? entity.ApiVersion : $"{entity.Group}/{entity.ApiVersion}", entity.Kind) : default)
        .ToDictionary(group => group.Key, group => group.First());

    private static readonly Dictionary<(string ApiVersion, string Kind), Type> CustomKinds = new()
    {
        [("monitoring.coreos.com/v1", "ServiceMonitor")] = typeof(ServiceMonitor),
        [("monitoring.coreos.com/v1", "PrometheusRule")] = typeof(PrometheusRule),
        [("cert-manager.io/v1", "Issuer")] = typeof(Issuer),
        [("cert-manager.io/v1", "Certificate")] = typeof(Certificate),
    };

    private Overlay(IReadOnlyList<object> manifests)
    {
        Manifests = manifests;
        Workloads = [.. manifests.Select(Workload.Of).OfType<Workload>()];
    }

    /// <summary>The names of all overlays: their folders below <c>k8s/overlays</c>.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetFiles(Repository.Find("k8s", "overlays"), "kustomization.yaml", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Find("k8s", "overlays"), Path.GetDirectoryName(file)!)).Order(StringComparer.Ordinal)];

    /// <summary>All manifests.</summary>
    public IReadOnlyList<object> Manifests { get; }

    /// <summary>Those that make pods.</summary>
    public IReadOnlyList<Workload> Workloads { get; }

    /// <summary>Renders and reads an overlay.</summary>
    public static Overlay Render(string name) => Read(Yaml(name));

    /// <summary>The rendered text.</summary>
    public static string Yaml(string name) => Rendered.GetOrAdd(name, folder => Kubectl.Kustomize(Repository.Find("k8s", "overlays", folder)));

    /// <summary>Reads rendered manifests.</summary>
    /// <exception cref="InvalidDataException">A kind is unknown.</exception>
    public static Overlay Read(string yaml) => new([.. yaml.Split("\n---\n").Select(Manifest)]);

    /// <summary>All manifests of a kind.</summary>
    public IEnumerable<T> Of<T>() => Manifests.OfType<T>();

    /// <summary>The workload whose pods have this component label, in the first namespace that has one.</summary>
    public Workload Component(string component) => Workloads.First(workload => workload.Component == component);

    private static object Manifest(string yaml)
    {
        var kind = StrictYaml.KindOf(yaml);
        if (CustomKinds.TryGetValue(kind, out var custom)) return StrictYaml.ReadCustom(yaml, custom);
        return Kinds.TryGetValue(kind, out var type) ? StrictYaml.Read(yaml, type) : throw new InvalidDataException($"{kind.ApiVersion} {kind.Kind} is no known kind.");
    }
}
