using System.Diagnostics;
using System.Net;

namespace Orleans.Kms.Cluster.Tests.Processes;

/// <summary>A silo or a gateway: a process that can be killed, stopped and started again.</summary>
/// <param name="name">Its name in logs.</param>
/// <param name="command">Program and arguments.</param>
/// <param name="environment">Its settings.</param>
/// <param name="ready">Answers 200 once it serves.</param>
/// <param name="logFile">Where all that it writes goes.</param>
internal sealed class ServerProcess(string name, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, Uri ready, string logFile) : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(1) }) { Timeout = TimeSpan.FromSeconds(2) };
    private Process? _process;
    private bool _isEndWanted;
    private Task _logged = Task.CompletedTask;

    /// <summary>How often it was started again after it had ended though nobody had ended it.</summary>
    public int EndedByItself { get; private set; }

    /// <summary>Whether it was started and has not ended.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Starts it and waits until it serves.</summary>
    /// <exception cref="InvalidOperationException">It ends, or does not come to serve.</exception>
    public async Task Start()
    {
        Launch();
        await WaitUntilReady();
    }

    /// <summary>Starts it.</summary>
    public void Launch()
    {
        if (_process is { HasExited: true } && !_isEndWanted) EndedByItself++;
        _isEndWanted = false;
        _process?.Dispose();
        (_process, _logged) = ProcessLog.Start(command, environment, logFile);
    }

    /// <summary>Waits until it serves.</summary>
    /// <exception cref="InvalidOperationException">It ends, or does not come to serve.</exception>
    public async Task WaitUntilReady()
    {
        for (var begun = Stopwatch.GetTimestamp(); !await IsReady(); await Task.Delay(Interval))
        {
            if (!IsRunning) throw new InvalidOperationException($"{name} has ended; see {logFile}");
            if (Stopwatch.GetElapsedTime(begun) > StartTime) throw new InvalidOperationException($"{name} does not come to serve; see {logFile}");
        }
    }

    /// <summary>Whether it says that it serves.</summary>
    public async Task<bool> IsReady()
    {
        try
        {
            using var response = await Http.GetAsync(ready);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException) { return false; }
    }

    /// <summary>kill -9, and waits for the end.</summary>
    public async Task Kill()
    {
        if (_process is null) return;
        _isEndWanted = true;
        _process.Kill();
        await _process.WaitForExitAsync();
        await _logged;
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    /// <exception cref="InvalidOperationException">It does not end, or not with 0.</exception>
    public async Task Stop()
    {
        _isEndWanted = true;
        await Signal("TERM");
        using var limit = new CancellationTokenSource(StopTime);
        try { await _process!.WaitForExitAsync(limit.Token); }
        catch (OperationCanceledException) { throw new InvalidOperationException($"{name} does not stop; see {logFile}"); }
        await _logged;
        if (_process.ExitCode != 0) throw new InvalidOperationException($"{name} ended with {_process.ExitCode}; see {logFile}");
    }

    /// <summary>Sends a signal.</summary>
    public Task Signal(string signal) => Command.Run("kill", [$"-{signal}", $"{_process!.Id}"]);

    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        await Kill();
        _process.Dispose();
    }
}
