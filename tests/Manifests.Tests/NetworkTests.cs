using Orleans.Kms.Manifests.Tests.Checks;
using Orleans.Kms.Manifests.Tests.Rendering;

namespace Orleans.Kms.Manifests.Tests;

/// <summary>Who reaches whom. A label stands for a pod of a namespace that has it with the value <c>allowed</c>, <c>stranger</c> for one of any other.</summary>
public sealed class NetworkTests
{
    [Theory]
    [InlineData("gateway", "silo", 30000, true)]
    [InlineData("gateway", "silo", 11111, false)]
    [InlineData("gateway", "silo", 9080, false)]
    [InlineData("silo", "silo", 11111, true)]
    [InlineData("silo", "silo", 30000, false)]
    [InlineData("silo", "gateway", 8443, false)]
    [InlineData("migrate", "silo", 30000, false)]
    [InlineData("orleans-kms/calls", "gateway", 8443, true)]
    [InlineData("orleans-kms/calls", "gateway", 9080, false)]
    [InlineData("orleans-kms/calls", "silo", 30000, false)]
    [InlineData("orleans-kms/grain-calls", "silo", 30000, true)]
    [InlineData("orleans-kms/grain-calls", "silo", 11111, false)]
    [InlineData("orleans-kms/grain-calls", "gateway", 8443, false)]
    [InlineData("orleans-kms/monitors", "silo", 9080, true)]
    [InlineData("orleans-kms/monitors", "gateway", 9080, true)]
    [InlineData("orleans-kms/monitors", "silo", 30000, false)]
    [InlineData("stranger", "gateway", 8443, false)]
    [InlineData("stranger", "silo", 30000, false)]
    [InlineData("stranger", "silo", 11111, false)]
    [InlineData("stranger", "silo", 9080, false)]
    [InlineData("silo", "orleans-kms/database", 5432, true)]
    [InlineData("gateway", "orleans-kms/database", 5432, true)]
    [InlineData("migrate", "orleans-kms/database", 5432, true)]
    [InlineData("gateway", "orleans-kms/database", 443, false)]
    [InlineData("silo", "stranger", 5432, false)]
    [InlineData("silo", "stranger", 443, true)]
    [InlineData("gateway", "stranger", 443, false)]
    [InlineData("migrate", "stranger", 443, false)]
    public void In_a_cluster(string from, string to, int port, bool allowed) => Check("cluster", from, to, port, allowed);

    [Theory]
    [InlineData("orleans-kms/calls", "service", 8443, true)]
    [InlineData("orleans-kms/calls", "service", 9080, false)]
    [InlineData("orleans-kms/monitors", "service", 9080, true)]
    [InlineData("stranger", "service", 8443, false)]
    [InlineData("service", "stranger", 443, false)]
    public void On_a_single_node(string from, string to, int port, bool allowed) => Check("single-node", from, to, port, allowed);

    [Fact]
    public void Between_regions_nothing()
    {
        var overlay = Overlay.Render("two-regions");
        var (one, other) = overlay.Workloads.Where(workload => workload.Component == "silo").Select(Reach.Inside).ToArray() is [var a, var b] ? (a, b) : throw new InvalidDataException();
        Assert.True(Reach.Allows(overlay, one, one, 11111));
        Assert.False(Reach.Allows(overlay, one, other, 11111));
        Assert.False(Reach.Allows(overlay, one, other, 30000));
    }

    private static void Check(string name, string from, string to, int port, bool allowed)
    {
        var overlay = Overlay.Render(name);
        Assert.Equal(allowed, Reach.Allows(overlay, End(overlay, from), End(overlay, to), port));
    }

    private static Reach.End End(Overlay overlay, string name) =>
        overlay.Workloads.FirstOrDefault(workload => workload.Component == name) is { } workload ? Reach.Inside(workload) : Reach.Outside(name, "allowed");
}
