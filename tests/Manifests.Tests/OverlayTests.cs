using k8s.Models;
using Orleans.Kms.Manifests.Tests.Checks;
using Orleans.Kms.Manifests.Tests.Rendering;

namespace Orleans.Kms.Manifests.Tests;

public sealed class OverlayTests
{
    public static TheoryData<string> Names => [.. Overlay.Names];

    [Fact]
    public void All_overlays_are_there() =>
        Assert.Equal(["cluster", "single-node", "two-regions", Path.Combine("two-regions", "region-a"), Path.Combine("two-regions", "region-b")], Overlay.Names);

    [Theory, MemberData(nameof(Names))]
    public void Every_manifest_is_of_its_kind_to_the_letter(string name) => Assert.NotEmpty(Overlay.Render(name).Manifests);

    [Theory, MemberData(nameof(Names))]
    public void Names_and_selectors_find_what_they_mean(string name) => Assert.Empty(NameFaults.Of(Overlay.Render(name)));

    [Theory, MemberData(nameof(Names))]
    public void Config_maps_secrets_and_volumes_are_there_or_the_operators(string name) => Assert.Empty(ReferenceFaults.Of(Overlay.Render(name)));

    [Theory, MemberData(nameof(Names))]
    public void Pods_are_restricted(string name) => Assert.Empty(SecurityFaults.Of(Overlay.Render(name)));

    [Theory, MemberData(nameof(Names))]
    public void Services_start_are_probed_and_end_in_time(string name) => Assert.Empty(ServiceFaults.Of(Overlay.Render(name)));

    [Theory, InlineData("cluster"), InlineData("two-regions")]
    public void Silos_may_look_at_pods_and_do_nothing_else(string name)
    {
        var overlay = Overlay.Render(name);
        Assert.Empty(overlay.Of<V1ClusterRole>());
        Assert.Empty(overlay.Of<V1ClusterRoleBinding>());
        Assert.All(overlay.Of<V1Role>().SelectMany(role => role.Rules), rule =>
        {
            Assert.Equal([""], rule.ApiGroups);
            Assert.Equal(["pods"], rule.Resources);
            Assert.Equal(["get", "list", "watch"], rule.Verbs);
        });
        Assert.All(overlay.Of<V1RoleBinding>().SelectMany(binding => binding.Subjects), subject => Assert.Equal("kms-silo", subject.Name));
    }

    [Theory, InlineData("cluster"), InlineData("two-regions")]
    public void Nobody_patches_pods_because_their_labels_are_the_clusters_names(string name)
    {
        var overlay = Overlay.Render(name);
        Assert.All(overlay.Workloads.Where(workload => workload.Component == "silo"), silo =>
        {
            Assert.Equal("kms", silo.Labels["orleans/serviceId"]);
            Assert.All(overlay.Of<V1ConfigMap>().Where(map => map.Metadata.Name.StartsWith("kms-settings", StringComparison.Ordinal)), map => Assert.Equal(silo.Labels["orleans/clusterId"], map.Data["Kms__Cluster__Id"]));
        });
    }

    [Theory, InlineData("cluster"), InlineData("two-regions")]
    public void A_silo_or_gateway_may_be_moved_at_a_time_and_they_are_spread(string name)
    {
        var overlay = Overlay.Render(name);
        foreach (var workload in overlay.Workloads.Where(workload => workload.IsService))
        {
            var budget = Assert.Single(overlay.Of<V1PodDisruptionBudget>(), budget => budget.Metadata.NamespaceProperty == workload.Namespace && budget.Spec.Selector.Selects(workload.Labels));
            Assert.Equal("1", budget.Spec.MaxUnavailable.Value);
            Assert.Equal(["kubernetes.io/hostname", "topology.kubernetes.io/zone"], workload.Pod.TopologySpreadConstraints.Select(spread => spread.TopologyKey));
        }
    }

    [Fact]
    public void The_alert_rules_are_what_the_Prometheus_operator_takes()
    {
        var rules = File.ReadLines(Repository.Find("k8s", "monitoring", "alerts.yaml")).Select(line => "  " + line);
        var rule = (PrometheusRule)Assert.Single(Overlay.Read($"apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  name: kms\nspec:\n{string.Join('\n', rules)}").Manifests);
        Assert.NotEmpty(rule.Spec.Groups.SelectMany(group => group.Rules));
    }

    [Fact]
    public void Regions_know_each_other_and_share_nothing()
    {
        var overlay = Overlay.Render("two-regions");
        var settings = overlay.Of<V1ConfigMap>().Where(map => map.Metadata.Name.StartsWith("kms-settings", StringComparison.Ordinal)).ToArray();
        Assert.Equal(["region-a", "region-b"], settings.Select(map => map.Data["Kms__RegionId"]).Order());
        Assert.All(settings, map => Assert.Equal(["region-a", "region-b"], [map.Data["Kms__Regions__0__Id"], map.Data["Kms__Regions__1__Id"]]));
        Assert.Equal(2, overlay.Workloads.Where(workload => workload.Component == "silo").Select(workload => workload.Namespace).Distinct().Count());
    }
}
