using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Orleans.Kms.Manifests.Tests.Containers;

/// <summary>
/// A network of its own: the node's, with a bridge and whatever is not a pod, or a pod's, connected to that bridge. Nothing of it reaches this machine's network or is reached from there. Needs root.
/// </summary>
internal sealed partial class NetworkNamespace : IDisposable
{
    /// <summary>The address of the node, where database and Kubernetes API are.</summary>
    public const string NodeAddress = "10.244.0.1";

    private const int NewNetwork = 0x40000000;

    private readonly Process _holder;

    private NetworkNamespace()
    {
        if (!Environment.IsPrivilegedProcess) throw new InvalidOperationException("These tests make network and mount namespaces: run them as root.");
        _holder = Process.Start(new ProcessStartInfo("unshare", ["--net", "--kill-child", "sh", "-c", "ip link set lo up && echo up && exec cat"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        if (_holder.StandardOutput.ReadLine() != "up") throw new InvalidOperationException("There is no network namespace to be had (unshare --net, ip link).");
    }

    /// <summary>Makes a node's.</summary>
    public static NetworkNamespace OfNode()
    {
        var node = new NetworkNamespace();
        node.Run($"ip link add pods type bridge && ip address add {NodeAddress}/24 dev pods && ip link set pods up");
        return node;
    }

    /// <summary>Makes a pod's.</summary>
    public NetworkNamespace NewPod(string address)
    {
        var pod = new NetworkNamespace();
        Run($"ip link add pod{address.Split('.')[^1]} type veth peer name eth0 netns {pod._holder.Id} && ip link set pod{address.Split('.')[^1]} master pods up");
        pod.Run($"ip address add {address}/24 dev eth0 && ip link set eth0 up");
        return pod;
    }

    /// <summary>What has to stand before a command, so that it runs in there.</summary>
    public IReadOnlyList<string> Enter => ["nsenter", $"--net={File}"];

    private string File => $"/proc/{_holder.Id}/ns/net";

    /// <summary>A socket of that network. A socket stays in the network that it was made in, whoever uses it.</summary>
    public Socket NewSocket()
    {
        Socket? socket = null;
        var error = 0;
        // A thread of its own, which ends in there.
        var thread = new Thread(() =>
        {
            using var network = System.IO.File.OpenHandle(File);
            error = Set(network.DangerousGetHandle().ToInt32(), NewNetwork) == 0 ? 0 : Marshal.GetLastPInvokeError();
            if (error == 0) socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        });
        thread.Start();
        thread.Join();
        return socket ?? throw new InvalidOperationException($"The network namespace cannot be entered (error {error}).");
    }

    /// <summary>A client whose connections are of that network.</summary>
    /// <param name="handler">How it connects otherwise.</param>
    public HttpClient NewClient(SocketsHttpHandler handler)
    {
        handler.ConnectCallback = async (context, cancellation) =>
        {
            var socket = NewSocket();
            try
            {
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        };
        return new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(30) };
    }

    public void Dispose()
    {
        _holder.StandardInput.Close();
        _holder.WaitForExit();
        _holder.Dispose();
    }

    private void Run(string script) => Command.Run([.. Enter, "sh", "-c", script]);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int Set(int file, int kind);
}
