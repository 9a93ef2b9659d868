using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Orleans.Kms.Client.Tests;

/// <summary>A program of the repository in a process of its own, from the moment when it says that it is ready.</summary>
internal sealed partial class ServiceProgram : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StopTime = TimeSpan.FromMinutes(1);

    private readonly Process _process;

    private ServiceProgram(Process process) => _process = process;

    /// <summary>The repository's root.</summary>
    public static string Root { get; } =
        Path.GetFullPath(typeof(ServiceProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Root").Value!);

    /// <summary>What was built with this test, in this configuration.</summary>
    public static string Built(string folder, string name)
    {
        var configuration = Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(typeof(ServiceProgram).Assembly.Location)!))!;
        return Path.Combine(Root, folder, "bin", configuration, "net10.0", name);
    }

    /// <summary>Starts a program and waits for a line that holds <paramref name="ready"/>.</summary>
    public static async Task<ServiceProgram> Start(string ready, string file, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string folder = "/")
    {
        var process = new Process { StartInfo = Info(file, arguments, environment, folder) };
        var isReady = new TaskCompletionSource();
        var lines = new List<string>();
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => isReady.TrySetException(new InvalidOperationException($"{file} ended: {string.Join('\n', lines.TakeLast(20))}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var program = new ServiceProgram(process);
        try
        {
            await isReady.Task.WaitAsync(StartTime);
            return program;
        }
        catch
        {
            await program.DisposeAsync();
            throw;
        }

        void Read(string? line)
        {
            lock (lines) lines.Add(line ?? "");
            if (line?.Contains(ready, StringComparison.Ordinal) == true) isReady.TrySetResult();
        }
    }

    /// <summary>Runs a program to its end, and gives what it wrote.</summary>
    public static async Task<string> Run(string file, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string folder)
    {
        using var process = Process.Start(Info(file, arguments, environment, folder))!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(StartTime);
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{file} ended with {process.ExitCode}: {await errors}");
    }

    /// <summary>Ends a process as a crash does.</summary>
    public static void Kill(int id) => _ = Signal(id, 9);

    /// <summary>Asks it to stop, and waits until it has.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _ = Signal(_process.Id, 15);
        await _process.WaitForExitAsync().WaitAsync(StopTime);
        _process.Dispose();
    }

    private static ProcessStartInfo Info(string file, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string folder)
    {
        var info = new ProcessStartInfo(file, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) info.Environment[name] = value;
        return info;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int id, int signal);
}
