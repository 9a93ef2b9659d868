using System.Diagnostics;

namespace Orleans.Kms.Manifests.Tests.Containers;

/// <summary>Commands of the system that are waited for.</summary>
internal static class Command
{
    /// <summary>Runs one to its end. Its output goes where the tests' goes.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static void Run(params IReadOnlyList<string> words) => Run(new ProcessStartInfo(words[0], words.Skip(1)) { WorkingDirectory = "/" });

    /// <inheritdoc cref="Run(IReadOnlyList{string})"/>
    public static void Run(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}.");
    }
}
