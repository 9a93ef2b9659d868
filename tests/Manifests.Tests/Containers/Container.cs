using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Orleans.Kms.Manifests.Tests.Containers;

/// <summary>A running container.</summary>
internal sealed partial class Container : IDisposable
{
    // Of one that hangs; all that the tests wait for takes some seconds.
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    private const int Terminate = 15;

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    public Container(IReadOnlyList<string> words, string? input = null)
    {
        _process = new Process { StartInfo = new(words[0], words.Skip(1)) { WorkingDirectory = "/", RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true } };
        _process.OutputDataReceived += Append;
        _process.ErrorDataReceived += Append;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        if (input is not null) _process.StandardInput.Write(input);
        _process.StandardInput.Close();
    }

    /// <summary>What it has written so far.</summary>
    public string Output
    {
        get { lock (_output) return _output.ToString(); }
    }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Waits for its end, and gives its exit code.</summary>
    public async Task<int> End()
    {
        await _process.WaitForExitAsync().WaitAsync(Bound);
        return _process.ExitCode;
    }

    /// <summary>Asks it to stop, as the kubelet does, and waits for its end.</summary>
    public async Task<int> Stop()
    {
        Assert.Equal(0, Signal(_process.Id, Terminate));
        return await End();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Append(object sender, DataReceivedEventArgs line)
    {
        lock (_output) _output.AppendLine(line.Data);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
