using System.Globalization;
using System.Net.Sockets;
using Orleans.Kms.Silo.Storage;

namespace Orleans.Kms.Silo.Admin;

/// <summary>The running service, as a command reaches it: over the socket in the data folder.</summary>
internal sealed class AdminClient : IDisposable
{
    private readonly HttpClient _http;

    private AdminClient(string socketPath) => _http = new(new SocketsHttpHandler { UseProxy = false, ConnectCallback = async (_, cancellation) => await Connect(socketPath, cancellation) })
    {
        BaseAddress = new("http://service"),
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>The service, or null if none listens.</summary>
    public static async Task<AdminClient?> TryConnect(string socketPath, CancellationToken cancellation)
    {
        if (!File.Exists(socketPath)) return null;
        try
        {
            await using var probe = await Connect(socketPath, cancellation);
            return new(socketPath);
        }
        // What a killed service left behind, or a path that is too long for a socket.
        catch (Exception e) when (e is SocketException or ArgumentOutOfRangeException) { return null; }
    }

    /// <summary>Has the service do something; <paramref name="progress"/> gets what it says meanwhile.</summary>
    /// <returns>What it says at the end.</returns>
    /// <exception cref="StartupException">It refused or failed, or ended before it answered.</exception>
    public async Task<string> Call(string path, Action<string> progress, CancellationToken cancellation, params (string Name, string Value)[] parameters)
    {
        var query = string.Join('&', parameters.Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value)}"));
        try
        {
            using var answer = await _http.SendAsync(new(HttpMethod.Post, $"{path}?{query}"), HttpCompletionOption.ResponseHeadersRead, cancellation);
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellation));
            while (await reader.ReadLineAsync(cancellation) is { } line)
            {
                var text = line[Math.Min(2, line.Length)..];
                if (line.StartsWith(AdminAnswer.Progress, StringComparison.Ordinal)) progress(text);
                else if (line.StartsWith(AdminAnswer.Done, StringComparison.Ordinal)) return text;
                else if (line.StartsWith(AdminAnswer.Failed, StringComparison.Ordinal)) throw new StartupException(text);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException && !cancellation.IsCancellationRequested)
        {
            throw new StartupException($"The service ended while it was at it ({e.Message}); start it, and run this again.");
        }
        throw new StartupException("The service ended while it was at it; start it, and run this again.");
    }

    /// <summary>Writes the first half of a record; gives its id.</summary>
    public async Task<long> BeginRecord(NewAdminRecord record) => long.Parse(await Call(
        "/records/begin", static _ => { }, CancellationToken.None, ("operator", record.Operator), ("command", record.Command), ("detail", record.Detail),
        ("version", record.RootKeyVersion?.ToString(CultureInfo.InvariantCulture) ?? "")), CultureInfo.InvariantCulture);

    /// <summary>Writes the second half.</summary>
    public Task EndRecord(long id, string outcome) =>
        Call("/records/end", static _ => { }, CancellationToken.None, ("id", id.ToString(CultureInfo.InvariantCulture)), ("outcome", outcome));

    public void Dispose() => _http.Dispose();

    private static async Task<Stream> Connect(string socketPath, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
