using System.Globalization;

namespace Orleans.Kms.Cluster.Tests.Processes;

/// <summary>
/// A network of its own for the silos: each has a network namespace, joined by a bridge to this one, where gateways and database are. Without the right to make namespaces everything
/// is on loopback, and nothing can be split.
/// </summary>
internal sealed class Network : IAsyncDisposable
{
    // The length of names of network devices is limited to 15.
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"k{Environment.ProcessId}");
    private readonly int _silos;

    private Network(int silos, bool canSplit) => (_silos, CanSplit) = (silos, canSplit);

    /// <summary>Whether silos have namespaces.</summary>
    public bool CanSplit { get; }

    /// <summary>Where silos reach the database.</summary>
    public string Address => CanSplit ? AddressOf(0) : "127.0.0.1";

    /// <summary>Makes the network.</summary>
    public static async Task<Network> Make(int silos)
    {
        var network = new Network(silos, Environment.IsPrivilegedProcess && await CanMakeNamespaces());
        if (!network.CanSplit) return network;
        await Ip("link", "add", network.Bridge, "type", "bridge");
        try
        {
            await Ip("addr", "add", $"{AddressOf(0)}/24", "dev", network.Bridge);
            await Ip("link", "set", network.Bridge, "up");
            for (var silo = 1; silo <= silos; silo++) await network.Join(silo);
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>The address of a silo, from 1 on.</summary>
    public string SiloAddress(int silo) => CanSplit ? AddressOf(silo) : "127.0.0.1";

    /// <summary>What a silo's command begins with.</summary>
    public IReadOnlyList<string> Prefix(int silo) => CanSplit ? ["ip", "netns", "exec", Namespace(silo)] : [];

    /// <summary>Takes the cable of a silo out: nothing comes in or goes out, and nobody is told.</summary>
    public Task Cut(int silo) => Ip("link", "set", Cable(silo), "nomaster");

    /// <summary>Puts it back in.</summary>
    public Task Mend(int silo) => Ip("link", "set", Cable(silo), "master", Bridge);

    /// <summary>Keeps a silo from reaching the other silos; database and gateways it reaches.</summary>
    public async Task Part(int silo)
    {
        foreach (var other in Others(silo)) await Ip("-n", Namespace(silo), "route", "add", "blackhole", $"{AddressOf(other)}/32");
    }

    /// <summary>Lets it reach them again.</summary>
    public async Task Unite(int silo)
    {
        foreach (var other in Others(silo)) await Ip("-n", Namespace(silo), "route", "del", "blackhole", $"{AddressOf(other)}/32");
    }

    public async ValueTask DisposeAsync()
    {
        if (!CanSplit) return;
        foreach (var made in Enumerable.Range(1, _silos).Select(Namespace).Where(name => File.Exists($"/run/netns/{name}"))) await Ip("netns", "del", made);
        await Ip("link", "del", Bridge);
    }

    private string Bridge => $"{_name}b";

    // A subnet of its own, unless another process with the same low bits runs beside.
    private static string AddressOf(int host) => string.Create(CultureInfo.InvariantCulture, $"10.{200 + (Environment.ProcessId % 50)}.{Environment.ProcessId / 50 % 250}.{host + 1}");

    private string Namespace(int silo) => $"{_name}n{silo}";

    private string Cable(int silo) => $"{_name}c{silo}";

    private IEnumerable<int> Others(int silo) => Enumerable.Range(1, _silos).Where(other => other != silo);

    private async Task Join(int silo)
    {
        await Ip("netns", "add", Namespace(silo));
        await Ip("link", "add", Cable(silo), "type", "veth", "peer", "name", "eth0", "netns", Namespace(silo));
        await Ip("link", "set", Cable(silo), "master", Bridge, "up");
        await Ip("-n", Namespace(silo), "addr", "add", $"{AddressOf(silo)}/24", "dev", "eth0");
        await Ip("-n", Namespace(silo), "link", "set", "eth0", "up");
        await Ip("-n", Namespace(silo), "link", "set", "lo", "up");
    }

    private static Task<string> Ip(params string[] arguments) => Command.Run("ip", arguments);

    private static async Task<bool> CanMakeNamespaces()
    {
        try
        {
            await Command.Run("unshare", ["--net", "ip", "link", "add", "probe", "type", "bridge"]);
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception) { return false; }
    }
}
