using Microsoft.Extensions.Configuration;
using Orleans.Kms.Gateway;
using Orleans.Kms.Gateway.Cluster;
using Orleans.Kms.Gateway.Hosting;
using Orleans.Kms.Grains;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Manifests.Tests.Rendering;
using Orleans.Kms.Silo;

namespace Orleans.Kms.Manifests.Tests;

/// <summary>Every variable of the manifests is a setting that the programs have: they themselves leave out what they do not know.</summary>
public sealed class SettingTests
{
    // Of Orleans' Kubernetes hosting and SoftHSM2.
    private static readonly string[] Others = ["POD_NAME", "POD_NAMESPACE", "POD_IP", "ORLEANS_SERVICE_ID", "ORLEANS_CLUSTER_ID", "SOFTHSM2_CONF"];

    public static TheoryData<string> Names => [.. Overlay.Names];

    [Theory, MemberData(nameof(Names))]
    public void Variables_are_settings(string name)
    {
        var overlay = Overlay.Render(name);
        foreach (var container in overlay.Workloads.SelectMany(workload => workload.Containers))
        {
            var maps = (container.EnvFrom ?? []).Select(source => overlay.Of<k8s.Models.V1ConfigMap>().First(map => map.Metadata.Name == source.ConfigMapRef.Name).Data);
            var names = (container.Env ?? []).Select(variable => KeyValuePair.Create(variable.Name, Sample(variable))).Concat(maps.SelectMany(map => map)).ToArray();
            Assert.All(names.Where(variable => !variable.Key.StartsWith("Kms__", StringComparison.Ordinal)), variable => Assert.Contains(variable.Key, Others));
            Bind(names.Where(variable => variable.Key.StartsWith("Kms__", StringComparison.Ordinal)));
        }
    }

    [Theory, InlineData("Kms__Regionid_"), InlineData("Kms__Hsm__Lane"), InlineData("Kms__Gateway__Adress"), InlineData("Kms__Cluster__Tls__Certificate"), InlineData("Kms__Monitoring__Ports"), InlineData("Kms__Orleans__Port")]
    public void One_that_is_none_is_found(string variable) => Assert.Throws<InvalidOperationException>(() => Bind([KeyValuePair.Create(variable, "1")]));

    private static string Sample(k8s.Models.V1EnvVar variable) => variable.Value ?? "x";

    private static void Bind(IEnumerable<KeyValuePair<string, string>> variables)
    {
        var values = variables.ToDictionary(variable => variable.Key.Replace("__", ":", StringComparison.Ordinal), variable => (string?)variable.Value);
        foreach (var (section, options) in new (string, object)[]
        {
            ("Kms:Hsm", new HsmOptions()), ("Kms:Gateway", new GatewayOptions()), ("Kms:Orleans", new OrleansOptions()), ("Kms:Cluster", new ClusterOptions()), ("Kms:Monitoring", new MonitoringOptions()),
            ("Kms", new KmsOptions()),
        })
        {
            var part = values.Where(value => value.Key.StartsWith(section + ':', StringComparison.Ordinal) && value.Key != "Kms:Database").ToArray();
            new ConfigurationBuilder().AddInMemoryCollection(part).Build().GetSection(section).Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
            foreach (var (key, _) in part) values.Remove(key);
        }
        Assert.Equal(["Kms:Database"], values.Keys.Append("Kms:Database").Distinct());
    }
}
