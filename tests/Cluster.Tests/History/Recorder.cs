using System.Collections.Concurrent;
using System.Text.Json;

namespace Orleans.Kms.Cluster.Tests.History;

/// <summary>Keeps what all clients called and heard.</summary>
internal sealed class Recorder
{
    private readonly ConcurrentQueue<Call> _calls = new();

    /// <summary>Everything so far, in the order of the ends.</summary>
    public IReadOnlyCollection<Call> Calls => _calls;

    public void Add(Call call) => _calls.Enqueue(call);

    /// <summary>Writes everything to a file, one JSON object a line.</summary>
    public async Task Write(string path)
    {
        await using var file = new StreamWriter(path);
        foreach (var call in _calls) await file.WriteLineAsync(JsonSerializer.Serialize(call));
    }
}
