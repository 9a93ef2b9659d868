using System.Net;
using System.Net.Sockets;

namespace Orleans.Kms.Silo;

/// <summary>
/// A free port of this machine's loopback, held until disposed of: the socket is bound and does not listen. Linux gives such a port to nobody who asks for any port, and lets
/// another socket of this process listen on it, as .NET binds both with SO_REUSEADDR.
/// </summary>
internal sealed class HeldPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public HeldPort() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    /// <summary>Its number.</summary>
    public int Number => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public void Dispose() => _socket.Dispose();
}
