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
    private readonly bool _isCluster;

    private Server(Process process, int port, DirectoryInfo? data, bool isCluster = false)
    {
        _process = process;
        _data = data;
        _isCluster = isCluster;
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

    /// <summary>CPU time so far: of a cluster that of gateways, silos and PostgreSQL, else that of the one process.</summary>
    public TimeSpan[] CpuTimes => _isCluster ? [Cpu("gateway-*"), Cpu("silo-*"), DatabaseCpu()] : [CpuTime];

    /// <summary>Starts the service on an empty folder.</summary>
    /// <param name="setting">A setting of it as an environment variable, <c>NAME=VALUE</c>; null for none.</param>
    public static async Task<(Server Server, Signer Signer)> Service(string? setting)
    {
        var data = Directory.CreateTempSubdirectory("kms-load-");
        var port = FreePort();
        var process = await Start(Path.Combine(Root, "start.sh"), ["--no-build", "--data", data.FullName, "--port", $"{port}"], "is ready", setting);
        // Without a trail the service refuses what was signed before it started, and the time in a request is in whole seconds.
        if (setting == LoadSettings.WithoutTrail) await Task.Delay(TimeSpan.FromSeconds(1));
        return (new(process, port, data), await SignerOf(data));
    }

    /// <summary>Starts a cluster with one gateway.</summary>
    public static async Task<(Server Server, Signer Signer)> Cluster(int silos)
    {
        var data = Directory.CreateTempSubdirectory("kms-load-");
        // Every cluster needs 160 ports from its first one on, and the system gives away none of these by itself.
        var port = 12000 + silos * 1000;
        var process = await Start(Path.Combine(Root, "start.sh"), ["--no-build", "--cluster", $"{silos}x1", "--data", data.FullName, "--port", $"{port}"], "is ready");
        return (new(process, port, data, isCluster: true), await SignerOf(data));
    }

    /// <summary>Starts the server to compare with.</summary>
    public static async Task<Server> Bare()
    {
        var port = FreePort();
        return new(await Start("dotnet", [typeof(Server).Assembly.Location, "bare", $"{port}"], "ready"), port, null);
    }

    public async ValueTask DisposeAsync()
    {
        if (_isCluster) Process.Start("kill", ["-TERM", $"{_process.Id}"]).WaitForExit();
        else _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _data?.Delete(recursive: true);
    }

    private static string Root => typeof(Server).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Root").Value!;

    private static async Task<Signer> SignerOf(DirectoryInfo data)
    {
        using var credentials = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(data.FullName, "credentials.json")));
        return new(credentials.RootElement.GetProperty("AccessKeyId").GetString()!, credentials.RootElement.GetProperty("AccessKeySecret").GetString()!);
    }

    private TimeSpan Cpu(string names) => Directory.EnumerateFiles(Path.Combine(_data!.FullName, "processes"), names).Aggregate(TimeSpan.Zero, (sum, file) => sum + Cpu(int.Parse(File.ReadAllText(file), null)));

    // The server's processes are its children.
    private TimeSpan DatabaseCpu()
    {
        var server = File.ReadLines(Path.Combine(_data!.FullName, "postgres", "postmaster.pid")).First();
        var all = TimeSpan.Zero;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var id) && (Path.GetFileName(folder) == server || Parent(id) == server)) all += Cpu(id);
        }
        return all;
    }

    private static string Parent(int process)
    {
        try { return File.ReadAllText($"/proc/{process}/stat") is var stat ? stat[(stat.LastIndexOf(')') + 4)..].Split(' ')[0] : ""; }
        catch (IOException) { return ""; }
    }

    private static TimeSpan Cpu(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return found.TotalProcessorTime;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException) { return TimeSpan.Zero; }
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
