using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Orleans.Kms.Cluster.Tests.Processes;

/// <summary>Ports that are free, below those that the system gives to whoever asks for any: a server that is restarted finds its own again.</summary>
internal static class Ports
{
    private const int First = 11_000;
    private const int Last = 30_000;
    private static int _last = RandomNumberGenerator.GetInt32(First, Last);

    /// <summary>The next free one.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = First + (Interlocked.Increment(ref _last) % (Last - First));
            try
            {
                using var listener = new TcpListener(IPAddress.Any, port);
                listener.Start();
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse) { }
        }
    }
}
