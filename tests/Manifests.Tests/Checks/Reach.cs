using k8s.Models;
using Orleans.Kms.Manifests.Tests.Rendering;

namespace Orleans.Kms.Manifests.Tests.Checks;

/// <summary>Which connections an overlay's network policies let through, by the rules of Kubernetes: what some policy isolates is closed but for what policies allow.</summary>
internal static class Reach
{
    /// <summary>One end of a connection: a pod of the overlay, or one of a namespace with these labels.</summary>
    /// <param name="Namespace">Labels of its namespace.</param>
    /// <param name="Pod">Labels of the pod.</param>
    /// <param name="Inside">The workload that it is of, if it is the overlay's.</param>
    internal sealed record End(IDictionary<string, string> Namespace, IDictionary<string, string> Pod, Workload? Inside = null);

    /// <summary>A pod of the overlay.</summary>
    public static End Inside(Workload workload) =>
        new(new Dictionary<string, string> { ["kubernetes.io/metadata.name"] = workload.Namespace }, workload.Labels, workload);

    /// <summary>A pod elsewhere, in a namespace with one label.</summary>
    public static End Outside(string label, string value) => new(new Dictionary<string, string> { [label] = value }, new Dictionary<string, string>());

    /// <summary>Whether a TCP connection from one to the other is let through.</summary>
    public static bool Allows(Overlay overlay, End from, End to, int port) =>
        (from.Inside is null || Leaves(overlay, from.Inside, to, port)) && (to.Inside is null || Enters(overlay, from, to.Inside, port));

    private static bool Leaves(Overlay overlay, Workload from, End to, int port)
    {
        var policies = Policies(overlay, from, "Egress");
        return policies.Length == 0 || policies.SelectMany(policy => policy.Spec.Egress ?? []).Any(rule => IsPort(rule.Ports, to.Inside, port) && IsPeer(rule.To, from.Namespace, to));
    }

    private static bool Enters(Overlay overlay, End from, Workload to, int port)
    {
        var policies = Policies(overlay, to, "Ingress");
        return policies.Length == 0 || policies.SelectMany(policy => policy.Spec.Ingress ?? []).Any(rule => IsPort(rule.Ports, to, port) && IsPeer(rule.FromProperty, to.Namespace, from));
    }

    private static V1NetworkPolicy[] Policies(Overlay overlay, Workload workload, string type) =>
        [.. overlay.Of<V1NetworkPolicy>().Where(policy => policy.Metadata.NamespaceProperty == workload.Namespace && policy.Spec.PolicyTypes.Contains(type) && policy.Spec.PodSelector.Selects(workload.Labels))];

    private static bool IsPort(IList<V1NetworkPolicyPort>? ports, Workload? target, int port) => ports is null or [] || ports.Any(allowed =>
        allowed.Protocol == "TCP" && (int.TryParse(allowed.Port.Value, out var number) ? number == port : target?.Ports.TryGetValue(allowed.Port.Value, out var named) == true && named == port));

    private static bool IsPeer(IList<V1NetworkPolicyPeer>? peers, string @namespace, End end) => peers is null or [] || peers.Any(peer =>
        peer.IpBlock is null
        && (peer.NamespaceSelector is { } spaces ? spaces.Selects(end.Namespace) : end.Inside?.Namespace == @namespace)
        && (peer.PodSelector is not { } pods || pods.Selects(end.Pod)));
}
