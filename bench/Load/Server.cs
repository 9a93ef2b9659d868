using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text.Json;

namespace Orleans.Kms.Load;

/// <summary>A server process of this run.</summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo? _data;

    private Server(Process process, int port, DirectoryInfo? data)
    {
        _process = process;
        _data = data;
        EndPoint = new(IPAddress.Loopback, port);
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>CPU time that the process has used, on all cores.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts the service on an empty folder.</summary>
    /// <param name="setting">A setting of it as an environment variable, <c>NAME=VALUE</c>; null for none.</param>
    public static async Task<(Server Server, Signer Signer)> Service(string? setting)
    {
        var data = Directory.CreateTempSubdirectory("kms-load-");
        var port = FreePort();
        var root = typeof(Server).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Root").Value!;
        var process = await Start(Path.Combine(root, "start.sh"), ["--no-build", "--data", data.FullName, "--port", $"{port}"], "is ready", setting);
        // Without a trail the service refuses what was signed before it started, and the time in a request is in whole seconds.
        if (setting == LoadSettings.WithoutTrail) await Task.Delay(TimeSpan.FromSeconds(1));
        using var credentials = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(data.FullName, "credentials.json")));
        var signer = new Signer(credentials.RootElement.GetProperty("AccessKeyId").GetString()!, credentials.RootElement.GetProperty("AccessKeySecret").GetString()!);
        return (new(process, port, data), signer);
    }

    /// <summary>Starts the server to compare with.</summary>
    public static async Task<Server> Bare()
    {
        var port = FreePort();
        return new(await Start("dotnet", [typeof(Server).Assembly.Location, "bare", $"{port}"], "ready"), port, null);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _data?.Delete(recursive: true);
    }

    private static async Task<Process> Start(string program, string[] arguments, string ready, string? setting = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        if (setting?.Split('=', 2) is [var name, var value]) start.Environment[name] = value;
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains(ready, StringComparison.Ordinal)) return process;
        }
        throw new InvalidOperationException($"{program} did not start.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
