using System.IO.MemoryMappedFiles;

namespace Orleans.Kms.Cluster.Tests.Processes;

/// <summary>The clock of a process, which runs and can be put: see <c>tests/Shim/clock-shim.c</c>.</summary>
internal sealed class ProcessClock : IAsyncDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _seconds;

    /// <summary>A clock that is right so far.</summary>
    /// <param name="shim">The compiled shim.</param>
    /// <param name="file">Where it finds how much the clock is ahead.</param>
    public ProcessClock(string shim, string file)
    {
        Environment = new Dictionary<string, string> { ["LD_PRELOAD"] = shim, ["KMS_CLOCK_FILE"] = file };
        _file = MemoryMappedFile.CreateFromFile(file, FileMode.CreateNew, null, sizeof(long));
        _seconds = _file.CreateViewAccessor();
    }

    /// <summary>What the process needs in its environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Compiles the shim into a folder.</summary>
    public static async Task<string> Compile(string source, string folder)
    {
        var library = Path.Combine(folder, "clock-shim.so");
        await Command.Run("gcc", ["-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", library, source, "-ldl"]);
        return library;
    }

    /// <summary>Puts it so much ahead, or back, in whole seconds: at once.</summary>
    public void Put(TimeSpan ahead) => _seconds.Write(0, (long)ahead.TotalSeconds);

    public ValueTask DisposeAsync()
    {
        _seconds.Dispose();
        _file.Dispose();
        return ValueTask.CompletedTask;
    }
}
