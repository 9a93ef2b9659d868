using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using k8s.Models;
using Orleans.Kms.Manifests.Tests.Containers;
using Orleans.Kms.Manifests.Tests.Rendering;

namespace Orleans.Kms.Manifests.Tests;

/// <summary>The programs of the overlay <c>cluster</c>, started with exactly what its manifests give them, and by the steps of k8s/README.md.</summary>
[Collection(ProgramTests.Name)]
public sealed class ClusterTests(BuildContext build)
{
    private const string GatewayAddress = "10.244.0.21";

    [Fact]
    public async Task From_an_empty_database_to_a_served_call_and_through_a_rolling_restart()
    {
        var overlay = Overlay.Render("cluster");
        using var network = NetworkNamespace.OfNode();
        using var database = new Database(network);
        using var callers = new Authority("callers");
        using var members = new Authority("Orleans.Kms cluster");
        using var node = new Node(overlay, build, network);
        await using var api = await KubernetesApi.Start(overlay, "kms", network, members);
        node.ServiceAccount = api.ServiceAccount;
        foreach (var certificate in overlay.Of<Certificate>().Where(certificate => !certificate.Spec.IsCA)) node.Secrets[certificate.Spec.SecretName] = members.Issue(certificate.Spec);
        var person = new Operator(node);
        person.Do("Database", new Dictionary<string, string> { ["PGHOST"] = database.Folder, ["PGUSER"] = Database.Administrator, ["DATABASE_HOST"] = NetworkNamespace.NodeAddress });
        var server = callers.IssueServer(GatewayAddress);
        foreach (var (file, entry) in new[] { ("gateway.crt", "tls.crt"), ("gateway.key", "tls.key") }) await File.WriteAllBytesAsync(person.PathOf(file), server[entry]);
        person.Do("Certificate and PIN", new Dictionary<string, string>());

        Assert.Equal(0, await new Pod(node, overlay.Component("migrate"), "kms-migrate-1", "10.244.0.31").Start("migrate").End());

        Pod[] silos = [.. Enumerable.Range(0, 3).Select(ordinal => new Pod(node, overlay.Component("silo"), $"kms-silo-{ordinal}", $"10.244.0.1{ordinal}"))];
        foreach (var silo in silos) api.Add(overlay.Component("silo"), silo.Name);
        var waiting = silos.Select(silo => silo.Start("token")).ToArray();
        person.Do("Ceremony", new Dictionary<string, string>(), [.. silos.Select(silo => (silo, "token"))]);
        foreach (var token in waiting) Assert.Equal(0, await token.End());
        var running = new List<Container>();
        foreach (var silo in silos) running.Add(await Start(silo));
        person.Do("Account", new Dictionary<string, string>(), (silos[0], "silo"));

        var gateway = new Pod(node, overlay.Component("gateway"), "kms-gateway-1", GatewayAddress);
        var served = await Start(gateway);
        using var client = new KmsClient(network, $"https://{GatewayAddress}:8443/", callers.Certificate, JsonNode.Parse(await File.ReadAllTextAsync(person.PathOf("credentials.json")))!);
        var key = (string)(await client.Call("CreateKey", ("ProtectionLevel", "HSM")))["KeyMetadata"]!["KeyId"]!;
        var blob = (string)(await client.Call("Encrypt", ("KeyId", key), ("Plaintext", "hello")))["CiphertextBlob"]!;
        person.Do("Check", new Dictionary<string, string>(), (silos[0], "silo"));

        // From here on with certificates of another time: those who started before have to take them as they come.
        foreach (var certificate in overlay.Of<Certificate>().Where(certificate => !certificate.Spec.IsCA)) node.Secrets[certificate.Spec.SecretName] = members.Issue(certificate.Spec);
        foreach (var pod in silos.Append(gateway)) pod.Renew("cluster-tls");
        using var renewed = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(node.Secrets["kms-silo-tls"]["tls.crt"]));
        foreach (var silo in silos) Assert.Equal(renewed.RawData, await Shown(network, silo));
        for (var ordinal = silos.Length - 1; ordinal >= 0; ordinal--)
        {
            Assert.Equal(0, await running[ordinal].Stop());
            running[ordinal] = await Start(silos[ordinal]);
            Assert.Equal("hello", (string)(await client.Call("Decrypt", ("CiphertextBlob", blob)))["Plaintext"]!);
        }
        Assert.Equal(0, await served.Stop());
        foreach (var silo in running) Assert.Equal(0, await silo.Stop());
        Assert.Empty(api.Refused);
        Assert.Equal(["get", "list", "watch"], api.Allowed.Distinct().Order());
    }

    // The certificate that a silo shows to who calls grains.
    private static async Task<byte[]> Shown(NetworkNamespace network, Pod silo)
    {
        var socket = network.NewSocket();
        await socket.ConnectAsync(IPEndPoint.Parse($"{silo.Address}:30000"));
        byte[] shown = [];
        await using var stream = new SslStream(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false, (_, certificate, _, _) =>
        {
            shown = certificate!.GetRawCertData();
            return false;
        });
        await Assert.ThrowsAsync<AuthenticationException>(() => stream.AuthenticateAsClientAsync("orleans-kms"));
        return shown;
    }

    private static async Task<Container> Start(Pod pod)
    {
        var running = pod.Start(pod.Service.Name);
        await pod.Await(pod.Service.StartupProbe, running);
        await pod.Await(pod.Service.ReadinessProbe, running);
        return running;
    }
}
