using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Orleans.Kms.Load;

/// <summary>One HTTP/1.1 connection, one request at a time. Plain sockets: client and server share the machine, and what a client library takes, the server lacks.</summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[64 * 1024];

    public static async Task<Connection> Open(IPEndPoint server)
    {
        var connection = new Connection();
        await connection._socket.ConnectAsync(server);
        return connection;
    }

    /// <summary>Sends a request and gives the body of its answer, valid until the next one.</summary>
    /// <exception cref="InvalidOperationException">The answer is not 200.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> Send(ReadOnlyMemory<byte> request)
    {
        await _socket.SendAsync(request);
        var (length, total, body) = (0, int.MaxValue, 0);
        while (length < total)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(length));
            if (read == 0) throw new InvalidOperationException("The server closed the connection.");
            length += read;
            if (total == int.MaxValue) (body, total) = Measure(_buffer.AsSpan(0, length));
        }
        if (!_buffer.AsSpan().StartsWith("HTTP/1.1 200"u8)) throw new InvalidOperationException(Encoding.UTF8.GetString(_buffer, 0, length));
        return _buffer.AsMemory(body, total - body);
    }

    public void Dispose() => _socket.Dispose();

    private static (int Body, int Total) Measure(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0) return (0, int.MaxValue);
        var rest = answer[(answer.IndexOf("Content-Length: "u8) + 16)..];
        return (end + 4, end + 4 + int.Parse(rest[..rest.IndexOf((byte)'\r')], CultureInfo.InvariantCulture));
    }
}
