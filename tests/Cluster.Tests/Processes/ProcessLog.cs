using System.Diagnostics;

namespace Orleans.Kms.Cluster.Tests.Processes;

/// <summary>What a process writes, into a file.</summary>
internal static class ProcessLog
{
    /// <summary>Starts a process; the second part of the answer ends with its output.</summary>
    public static (Process Process, Task Logged) Start(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, string file)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start)!;
        return (process, Copy(process, file));
    }

    private static async Task Copy(Process process, string file)
    {
        await using var log = new StreamWriter(file, append: true) { AutoFlush = true };
        var gate = TextWriter.Synchronized(log);
        await Task.WhenAll(Copy(process.StandardOutput, gate), Copy(process.StandardError, gate));
    }

    private static async Task Copy(StreamReader reader, TextWriter log)
    {
        while (await reader.ReadLineAsync() is { } line) await log.WriteLineAsync(line);
    }
}
