using System.Text.Json.Nodes;
using Orleans.Kms.Manifests.Tests.Containers;
using Orleans.Kms.Manifests.Tests.Rendering;

namespace Orleans.Kms.Manifests.Tests;

/// <summary>The program of the overlay <c>single-node</c>, started with exactly what its manifests give it.</summary>
[Collection(ProgramTests.Name)]
public sealed class SingleNodeTests(BuildContext build)
{
    private const string Address = "10.244.0.11";

    [Fact]
    public async Task It_serves_on_a_read_only_root_and_keeps_its_data_over_a_restart()
    {
        using var network = NetworkNamespace.OfNode();
        using var authority = new Authority("callers");
        var overlay = Overlay.Render("single-node");
        using var node = new Node(overlay, build, network);
        node.Secrets["kms-gateway-tls"] = authority.IssueServer(Address);
        var pod = new Pod(node, overlay.Component("service"), "kms-0", Address);

        var first = await Start(pod);
        var credentials = JsonNode.Parse(await pod.Execute("kms", ["sh", "-c", "until cat /var/lib/kms/data/credentials.json 2>/dev/null; do sleep 0.2; done"]))!;
        using var client = new KmsClient(network, $"https://{Address}:8443/", authority.Certificate, credentials);
        var key = (string)(await client.Call("CreateKey", ("ProtectionLevel", "HSM")))["KeyMetadata"]!["KeyId"]!;
        var blob = (string)(await client.Call("Encrypt", ("KeyId", key), ("Plaintext", "hello")))["CiphertextBlob"]!;
        Assert.Equal(0, await first.Stop());

        var second = await Start(pod);
        Assert.Equal("hello", (string)(await client.Call("Decrypt", ("CiphertextBlob", blob)))["Plaintext"]!);
        await Assert.ThrowsAsync<InvalidOperationException>(() => pod.Execute("kms", ["touch", "/app/x"]));
        Assert.Equal(0, await second.Stop());
    }

    private static async Task<Container> Start(Pod pod)
    {
        var running = pod.Start("kms");
        await pod.Await(pod.Service.StartupProbe, running);
        await pod.Await(pod.Service.ReadinessProbe, running);
        return running;
    }
}
