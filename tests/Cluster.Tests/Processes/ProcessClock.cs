using System.Globalization;

namespace Orleans.Kms.Cluster.Tests.Processes;

/// <summary>The clock of a process that was started under libfaketime: it runs, and can be put.</summary>
internal sealed class ProcessClock
{
    private readonly string _file;

    private ProcessClock(string file) => _file = file;

    /// <summary>Where libfaketime is; null if it is not installed.</summary>
    public static string? Library { get; } = new[] { "x86_64", "aarch64" }.Select(cpu => $"/usr/lib/{cpu}-linux-gnu/faketime/libfaketime.so.1").FirstOrDefault(File.Exists);

    /// <summary>What the process needs in its environment; monotonic time is left alone.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = Library!, ["FAKETIME_TIMESTAMP_FILE"] = _file, ["FAKETIME_CACHE_DURATION"] = "1", ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
    };

    /// <summary>A clock that is right so far.</summary>
    public static ProcessClock Make(string file)
    {
        var clock = new ProcessClock(file);
        clock.Put(TimeSpan.Zero);
        return clock;
    }

    /// <summary>Puts it so much ahead, or back; the process sees it within a second.</summary>
    public void Put(TimeSpan ahead)
    {
        var next = $"{_file}.next";
        File.WriteAllText(next, ((long)ahead.TotalSeconds).ToString("+0;-0;+0", CultureInfo.InvariantCulture));
        File.Move(next, _file, overwrite: true);
    }
}
